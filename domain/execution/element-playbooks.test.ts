import { describe, expect, test } from 'vitest'
import type { HttpStep } from '../playbook/playbook'
import { parsePlaybook } from '../playbook/parse-playbook'
import { runScenario } from './testing/run-scenario'
import { offsetApi, pagedApi, rows } from './testing/scripted-api'

/** The http step of a playbook whose only other keys are these lines, indented by four. */
function stepOf(lines: string): HttpStep {
  const text = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: t, path: t }
workflow:
  - step: start
    next: [{ step: fetch }]
  - step: fetch
    tool: http
    url: https://api.test/items
${lines.replaceAll(/^/gm, '    ')}
`
  const { playbook, diagnostics } = parsePlaybook(text)
  const step = playbook?.workflow.find((each) => each.step === 'fetch')
  if (step?.tool !== 'http') throw new Error(JSON.stringify(diagnostics, null, 2))
  return step
}

describe('a pagination as it is written in a playbook', () => {
  test.each([
    [
      'mapping',
      `retry:
  on_success:
    while: "{{ response.paging.hasMore == true }}"
    max_attempts: 10
    next_call: { params: { page: "{{ (response.paging.page | int) + 1 }}" } }
    collect: { strategy: append, path: data, into: pages }`,
    ],
    [
      'list',
      `retry:
  - when: "{{ error.status in [500] }}"
    then: { max_attempts: 2 }
  - when: "{{ response.paging.hasMore == true }}"
    then:
      max_attempts: 10
      next_call: { params: { page: "{{ (response.paging.page | int) + 1 }}" } }
      collect: { strategy: append, path: data, into: pages }`,
    ],
    ['paginate', `paginate: { type: page, items: data, stop: { has_more_path: paging.hasMore } }`],
  ])('gives 35 items from 4 pages, in the %s spelling', (_, lines) => {
    const step = stepOf(`params: { page: 1, pageSize: 10 }\n${lines}`)
    const { items, pages, requests } = runScenario({
      step,
      script: pagedApi(35, 10, ({ number, hasMore }) => ({ paging: { page: number, hasMore } })),
    })
    expect([items.length, pages.length]).toEqual([35, 4])
    expect(requests.map(({ url }) => new URL(url).searchParams.get('page'))).toEqual(['1', '2', '3', '4'])
  })

  test('by offset, with the defaults of the language', () => {
    const { items, requests } = runScenario({
      step: stepOf('paginate: { type: offset, limit: 20, items: data }'),
      script: offsetApi(35, 20),
    })
    expect(items).toHaveLength(35)
    expect(requests.map(({ url }) => new URL(url).search)).toEqual([
      '?offset=0&limit=20',
      '?offset=20&limit=20',
      '?offset=35&limit=20',
    ])
  })

  test('by cursor, with the defaults of the language', () => {
    const { state, items } = runScenario({
      step: stepOf('paginate: { type: cursor, path: next_cursor, items: events }'),
      script: [{ json: { events: rows(1, 2), next_cursor: 'a' } }, { json: { events: rows(3, 1), next_cursor: null } }],
    })
    expect(items).toHaveLength(3)
    expect(state).toMatchObject({ status: 'completed', stopReason: 'no_next' })
  })

  test('with error policies and basic auth', () => {
    const { requests, waits, events } = runScenario({
      step: stepOf(`auth: { type: basic, username: me, password: "{{ secret.PW }}" }
retry:
  on_error: { when: "{{ error.status == 500 }}", max_attempts: 3, initial_delay: 0.5, backoff_multiplier: 2.0 }`),
      secrets: { PW: 'geheim' },
      script: [{ status: 500, text: '' }, { status: 500, text: '' }, { json: [1] }],
    })
    expect(waits).toEqual([500, 1000])
    expect(requests[0]?.headers['authorization']).toBe(`Basic ${btoa('me:geheim')}`)
    expect(JSON.stringify(events)).not.toContain(btoa('me:geheim'))
  })
})
