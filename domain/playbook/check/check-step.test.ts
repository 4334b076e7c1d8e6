import { describe, expect, it } from 'vitest'
import { parsePlaybook } from '../parse-playbook'

const http = (retry: string) => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: a }
workflow:
  - step: start
    tool: http
    url: http://a
    retry:
${retry.replaceAll(/^/gm, '      ')}
`

const told = (retry: string): string[] =>
  parsePlaybook(http(retry)).diagnostics.map(
    ({ line, column, severity, message }) => `${line}:${column} ${severity} ${message}`,
  )

const NEXT = 'next_call: { params: { page: 2 } }'

describe('retry', () => {
  it('warns of what does nothing in the entry that leads to the next page', () => {
    expect(
      told(`- when: error.status == 429\n  then: { initial_delay: 2, max_wait: 9, jitter: true }
- when: response.more\n  then: { ${NEXT}, initial_delay: 2, jitter: true }`),
    ).toEqual([
      '12:53 warning `initial_delay` does nothing in the entry that leads to the next page',
      '12:71 warning `jitter` does nothing in the entry that leads to the next page',
    ])
  })

  it('refuses pages behind a condition over an error', () => {
    expect(told(`- when: error.status == 429 or response.more\n  then: { ${NEXT} }`)).toEqual([
      '9:15 error an entry with `next_call`, `collect` or `sink` leads to the next page, where there is no error',
    ])
  })

  it('warns of a policy behind one that always holds', () => {
    const always = '{ max_attempts: 2 }'
    const limited = '{ when: error.status == 429 }'
    const message = 'warning this is never looked at: the policy before it has no `when`, and holds always'
    expect(told(`on_error: [${always}, ${limited}]`)).toEqual([`9:41 ${message}`])
    expect(told(`on_error: [${limited}, ${always}]`)).toEqual([])
  })
})
