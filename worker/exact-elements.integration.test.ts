import { createServer } from 'node:http'
import { afterAll, expect, it } from 'vitest'
import { setVariables } from '@/server/env'
import { registerPlaybook } from '@/server/playbooks/register-playbook'
import { listIterations } from '@/server/executions/read-iterations'
import { listen } from '@/server/http/testing/connector'
import { exportResults } from '@/server/executions/export-results'
import { readRows } from '@/server/executions/read-rows'
import { readParquet } from '@/server/executions/testing/read-parquet'
import { pool } from '@/server/db/pool'
import { playbookPool } from '@/server/db/playbook-pool'
import { eventsOf, startEngine, statusOf } from './testing/start-engine'

const engine = await startEngine('postgresql')
setVariables({ PAGETURNER_ALLOW_HOSTS: 'localhost:*,127.0.0.1:*' })

/** Gives ids of more than 53 bits, one of them in text, and keeps what it is sent letter by letter. */
const sent: string[] = []
const asked: unknown[] = []
const ROWS =
  '[{"id": 9007199254740993}, {"id": "9007199254740993"}, {"id": -18446744073709551615, "x": [9007199254740995]}]'
const { origin, close } = await listen(
  createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += String(chunk)))
    request.on('end', () => {
      if (request.method === 'POST') sent.push(body)
      asked.push({ url: request.url, header: request.headers['x-id'] })
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(request.method === 'POST' ? '{"data": []}' : `{"data": ${ROWS}}`)
    })
  }),
  'http',
)
afterAll(close)

const PLAYBOOK = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: exact, path: tests/exact }
workflow:
  - step: start
    tool: http
    url: ${origin}
    next: [{ step: send }]
  - step: send
    tool: http
    method: POST
    url: ${origin}
    json: { id: "{{ row.id }}", whole: "{{ row }}" }
    loop: { collection: "{{ start.data }}", element: row, order_by: _loop.index }
`

it('sends the ids of elements as the API gave them, numbers as numbers and texts as texts', async () => {
  const id = await engine.run(PLAYBOOK)
  expect(await statusOf(id)).toBe('COMPLETED')
  expect(sent).toEqual([
    '{"id":9007199254740993,"whole":{"id":9007199254740993}}',
    '{"id":"9007199254740993","whole":{"id":"9007199254740993"}}',
    '{"id":-18446744073709551615,"whole":{"x":[9007199254740995],"id":-18446744073709551615}}',
  ])
})

it('shows them with all their digits, in text, to whoever reads plain JSON', async () => {
  const id = await engine.run(PLAYBOOK)
  const elements = [
    { id: '9007199254740993' },
    { id: '9007199254740993' },
    { id: '-18446744073709551615', x: ['9007199254740995'] },
  ]
  const { items } = await listIterations(id, { step: 'send', limit: 10 })
  expect(items.map(({ element }) => element)).toEqual(elements)
  const told = (await eventsOf(id)).filter(({ event_type }) => event_type === 'iteration_completed')
  expect(told.map(({ context }) => context['element'])).toEqual(elements)
})

/** One integer beyond 2^53, by every way a value takes through a playbook. */
const BIG = '9007199254740993'
const WAYS = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: ways, path: tests/ways }
workflow:
  - { step: start, next: [{ step: page }] }
  - { step: page, tool: http, url: ${origin}, next: [{ step: sql }] }
  - { step: sql, tool: postgres, statement: "SELECT 9007199254740993 AS big, 9007199254740993::numeric AS n, jsonb_build_object('id', 9007199254740993) AS facts", next: [{ step: shape }] }
  - { step: shape, tool: transform, input: { id: "{{ page.data[0].id }}", text: "{{ page.data[1].id }}" }, expression: '{ "id": id, "text": text, "joined": "x" & id }', next: [{ step: shapes }] }
  - { step: shapes, tool: transform, input: "{{ n }}", expression: "$", loop: { collection: ["{{ page.data[0].id }}", 7], element: n }, next: [{ step: ran }] }
  - { step: ran, tool: playbook, path: tests/inner, workload: { id: "{{ page.data[0].id }}" }, next: [{ step: bound }] }
  - { step: bound, tool: postgres, statement: "SELECT {{ page.data[0].id }}::bigint AS one, {{ [page.data[0].id] }}::bigint[] AS list", next: [{ step: send }] }
  - step: send
    tool: http
    method: POST
    url: ${origin}
    params: { id: "{{ sql.rows[0].big }}" }
    headers: { x-id: "{{ shape.id }}" }
    json:
      page: "{{ page.data[0].id }}"
      sql: "{{ sql.rows[0] }}"
      shape: "{{ shape.result }}"
      child: "{{ ran.steps.start.rows[0].id }}"
      given: "{{ ran.steps.start.rows[0].given }}"
      bound: "{{ bound.rows[0] }}"
      more: "{{ sql.rows[0].big + 1 }}"
      same: "{{ sql.rows[0].big == page.data[0].id and shape.id > 9007199254740992 }}"
      text: "{{ sql.rows[0].big ~ '' }}"
      each: "{{ shapes.results }}"
    next: [{ step: save }]
  - { step: save, tool: postgres, table: ways.kept, data: { big: "{{ sql.rows[0].big }}", n: "{{ shape.id }}", facts: "{{ sql.rows[0] }}", t: "{{ page.data[0].id }}" } }
`
const INNER = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: inner, path: tests/inner }
workload: { id: 0 }
workflow:
  - { step: start, tool: postgres, statement: "SELECT 9007199254740993 AS id, {{ {'v': workload.id} }}::jsonb AS given" }
`

it('takes an integer beyond 2^53 every way as the number it is', async () => {
  await playbookPool().query('CREATE SCHEMA ways; CREATE TABLE ways.kept (big bigint, n numeric, facts jsonb, t text)')
  await registerPlaybook(INNER)
  const id = await engine.run(WAYS)
  expect(await statusOf(id)).toBe('COMPLETED')
  expect(asked.at(-1)).toEqual({ url: `/?id=${BIG}`, header: BIG })
  expect(sent.at(-1)).toBe(
    `{${[
      `"page":${BIG}`,
      `"sql":{"n":${BIG},"big":${BIG},"facts":{"id":${BIG}}}`,
      `"shape":{"id":${BIG},"text":"${BIG}","joined":"x${BIG}"}`,
      `"child":${BIG}`,
      `"given":{"v":${BIG}}`,
      `"bound":{"one":${BIG},"list":[${BIG}]}`,
      `"more":9007199254740994`,
      `"same":true`,
      `"text":"${BIG}"`,
      `"each":[${BIG},7]`,
    ].join(',')}}`,
  )
  const { rows } = await pool().query('SELECT big::text, n::text, facts::text, t FROM ways.kept')
  expect(rows).toEqual([{ big: BIG, n: BIG, facts: `{"n": ${BIG}, "big": ${BIG}, "facts": {"id": ${BIG}}}`, t: BIG }])
  expect(await readRows(id, { limit: 1, offset: 0, step: 'page' })).toContain(`"item":{"id": ${BIG}}`)
  const file = async (format: 'csv' | 'json' | 'ndjson' | 'parquet'): Promise<Uint8Array> => {
    const { chunks } = await exportResults(id, { format, step: 'page', provenance: false })
    const parts: Uint8Array[] = []
    for await (const chunk of chunks) parts.push(chunk)
    return Buffer.concat(parts)
  }
  const first = async (format: 'csv' | 'json' | 'ndjson'): Promise<string | undefined> =>
    Buffer.from(await file(format))
      .toString()
      .split('\n')[format === 'ndjson' ? 0 : 1]
  expect(await first('csv')).toBe(`${BIG},\r`)
  expect(await first('json')).toBe(`{"id": ${BIG}},`)
  expect(await first('ndjson')).toBe(`{"id": ${BIG}}`)
  expect((await readParquet(await file('parquet'))).rows[0]).toMatchObject({ id: BIG })
})
