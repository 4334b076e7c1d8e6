import { expect, it } from 'vitest'
import { pool } from '@/server/db/pool'
import { setVariables } from '@/server/env'
import type { JsonObject } from '@/domain/json'
import { eventsOf, startEngine, statusOf } from './testing/start-engine'

const engine = await startEngine('postgresql')
setVariables({ PAGETURNER_SECRET_TOKEN: 'a-token-that-nobody-may-see' })

const ATTACKS: Record<string, JsonObject> = {
  'a secret': { path: '{{ secret.TOKEN }}' },
  'a secret, nested': { filter: { q: ['{{ secret.TOKEN }}'] } },
  'a secret, in a key that the playbook has not': { extra: '{{ secret.TOKEN }}', path: 'users' },
  'a loop that does work': { path: '{% for a in range(100000) %}x{% endfor %}' },
}

it.each(Object.entries(ATTACKS))('takes what a run gives as data, never as a template: %s', async (_name, workload) => {
  const id = await engine.run(ECHO, workload)
  const { rows } = await pool().query<{ workload: JsonObject; result: { rows: { given: JsonObject }[] } }>(
    `SELECT e.workload, i.checkpoint -> 'result' AS result FROM noetl.execution e
     JOIN noetl.iteration i USING (execution_id) WHERE e.execution_id = $1`,
    [id],
  )
  expect(rows[0]?.result.rows[0]?.given).toEqual({ path: 'users', filter: {}, ...workload })
  expect(JSON.stringify(await eventsOf(id))).not.toContain('a-token-that-nobody-may-see')
})

it('sends what a run gives letter by letter, braces and all', async () => {
  await engine.run(FETCH, { q: '{{ secret.TOKEN }}' })
  const asked = engine.api.requests().at(-1)?.url ?? ''
  expect(new URL(asked, engine.api.url).searchParams.get('q')).toBe('{{ secret.TOKEN }}')
})

it("evaluates the templates of the playbook's own workload, also when a form sends them back as they were", async () => {
  for (const workload of [undefined, { base: '{{ secret.PAGINATED_API_URL }}', q: 'x' }]) {
    const id = await engine.run(FETCH, workload)
    expect(await statusOf(id)).toBe('COMPLETED')
  }
})

it('shows each entry those before it, in the order of the playbook, however long their names are', async () => {
  const id = await engine.run(ORDERED, { more: 'given', middle: 'm' })
  expect(await statusOf(id)).toBe('COMPLETED')
  const given = 'base/m/and on'
  expect(await checksOf(id)).toEqual([
    ['url', true, given],
    ['order', true, 'zebra ant 5 4'],
  ])
})

it('takes integers of more than 53 bits for what they are, in the workload, a loop and an expectation', async () => {
  const id = await engine.run(BIG)
  expect(await statusOf(id)).toBe('COMPLETED')
  expect(await checksOf(id)).toEqual([
    ['next', true, '9007199254740994'],
    ['sorted', true, [5, '9007199254740992', '9007199254740993', '18446744073709551616']],
  ])
  const labels = (await eventsOf(id)).flatMap(({ event_type, context }) =>
    event_type === 'iteration_completed' ? [context['label']] : [],
  )
  expect(labels).toEqual(['5', '9007199254740992', '9007199254740993', '18446744073709551616'])
})

const checksOf = async (executionId: string): Promise<unknown[]> =>
  (await eventsOf(executionId)).flatMap(({ event_type, context }) =>
    event_type === 'expectation_checked' ? [[context['name'], context['passed'], context['actual']]] : [],
  )

const ORDERED = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: ordered, path: tests/ordered }
workload:
  first_of_all: base
  middle: none
  url: "{{ workload.first_of_all }}/{{ workload.middle }}/and on"
  entries: { zebra: 1, ant: 2, bee: 3 }
workflow:
  - step: start
    tool: transform
    input: "{{ entry.key }}"
    expression: $
    loop: { collection: "{{ workload.entries }}", element: entry, where: entry.value < 3 }
expect:
  - { name: url, that: "workload.url == 'base/m/and on'" }
  - { name: order, that: "start.results | join(' ') ~ ' 5 4' == 'zebra ant 5 4'" }
`

const BIG = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: big, path: tests/big }
workload: { ids: [18446744073709551616, 9007199254740993, 5, 9007199254740992] }
workflow:
  - step: start
    tool: transform
    input: "{{ id }}"
    expression: $
    loop: { collection: "{{ workload.ids }}", element: id, order_by: id }
expect:
  - { name: next, that: "workload.ids[1] + 1 == 9007199254740994" }
  - { name: sorted, that: "start.results if start.results | length == 4 else false" }
`

const ECHO = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: echo, path: tests/echo }
workload: { path: users, filter: {} }
workflow:
  - { step: start, tool: postgres, statement: "SELECT {{ workload }}::jsonb AS given" }
`

const FETCH = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: fetch, path: tests/fetch }
workload: { base: "{{ secret.PAGINATED_API_URL }}", q: nothing }
workflow:
  - { step: start, tool: http, url: "{{ workload.base }}/api/v1/users", params: { q: "{{ workload.q }}" } }
`
