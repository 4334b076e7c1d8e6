import { expect, test } from 'vitest'
import { parsePlaybook } from './parse-playbook'

const text = (retry: string): string => `
apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: one, path: tests/one }
workflow:
  - step: start
    tool: http
    url: https://api.test/items
    retry: ${retry}
`

test.each([
  ['{ on_error: { methods: [POTS] } }', 'Did you mean `POST`?'],
  ['{ on_error: [{ methods: [get, ptach] }] }', 'Did you mean `PATCH`?'],
  ['[{ when: "{{ error.status == 500 }}", then: { methods: [OPTIONS] } }]', null],
])('methods of a retry that no request has are refused: %s', (retry, hint) => {
  const { diagnostics } = parsePlaybook(text(retry))
  expect(diagnostics).toMatchObject([{ code: 'wrong_type', line: 9 }])
  expect(diagnostics[0]?.message).toContain('must be one of GET, HEAD, POST, PUT, PATCH, DELETE, not')
  expect(diagnostics[0]?.hint).toBe(hint)
})

test('methods of a retry are written in either case', () => {
  expect(parsePlaybook(text('{ on_error: { methods: [post, Get] } }')).diagnostics).toEqual([])
})

test.each([
  '{ on_error: { methods: [] } }',
  '{ on_error: [{ methods: [] }] }',
  '[{ when: "{{ error.status == 500 }}", then: { methods: [] } }]',
])('a retry of no method at all, which would never be, is refused: %s', (retry) => {
  expect(parsePlaybook(text(retry)).diagnostics).toMatchObject([
    {
      code: 'wrong_type',
      line: 9,
      message:
        '`methods` must be a list of at least one method (leave it out for all that may be sent twice), not an empty list',
    },
  ])
})
