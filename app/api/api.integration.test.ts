import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '@/server/db/testing/create-test-database'
import { playbookPool } from '@/server/db/playbook-pool'
import { env } from '@/server/env'
import { seedEvents, seedExecution, seedPage } from '@/server/executions/testing/seed-execution'
import { readParquet } from '@/server/executions/testing/read-parquet'
import { closeStreamHub } from '@/server/sse/stream-hub'
import { callRoute as call, ownHost as host } from './testing/call-route'
import * as unknown from './[[...path]]/route'
import * as execution from './executions/[id]/route'
import * as page from './executions/[id]/iterations/[index]/pages/[page]/route'
import * as results from './executions/[id]/results/route'
import * as rows from './executions/[id]/rows/route'
import * as executions from './executions/route'
import * as execute from './postgres/execute/route'
import * as ready from './ready/route'

beforeAll(createTestDatabase)
afterAll(closeStreamHub)

describe('the guard', () => {
  it('refuses a Host that is not ours on a read too, with a problem document', async () => {
    const answer = await call(executions, { headers: { host: 'evil.example' } })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(await answer.json()).toMatchObject({ status: 403, code: 'forbidden' })
    expect((await call(executions, { headers: { host: `127.0.0.1:${env.PAGETURNER_PORT}` } })).status).toBe(200)
    expect((await call(executions, { headers: { host: `localhost:1` } })).status).toBe(403)
  })

  it('refuses a change from another origin or site, and one that is not JSON', async () => {
    const query = { query: 'SELECT 1' }
    const post = (headers: Record<string, string>): Promise<Response> =>
      call(execute, { method: 'POST', body: query, headers })
    expect((await post({ origin: 'http://evil.example' })).status).toBe(403)
    expect((await post({ origin: 'null' })).status).toBe(403)
    expect((await post({ 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await post({ 'content-type': 'text/plain' })).status).toBe(415)
    expect((await post({ 'content-type': 'text/yaml' })).status).toBe(415)
    expect((await post({ origin: `http://${host()}`, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  })

  it('answers 404, 405, 413, 422 and 400 as problem documents with where it is wrong', async () => {
    expect((await call(unknown)).status).toBe(404)
    const wrongMethod = await call(executions, { method: 'DELETE' })
    expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'GET'])
    expect((await call(execute, { method: 'POST', body: { query: 'x'.repeat(3_000_000) } })).status).toBe(413)
    expect((await call(execute, { method: 'POST', body: '{"query": ' })).status).toBe(400)
    const unknownKey = await call(execute, { method: 'POST', body: { sql: 'SELECT 1' } })
    expect(unknownKey.status).toBe(422)
    expect((await unknownKey.json()).errors.map((error: { path: string }) => error.path)).toContain('query')
    expect((await call(executions, { query: '?limit=100000' })).status).toBe(422)
    expect((await call(execution, { params: { id: 'abc' } })).status).toBe(404)
    expect((await call(execution, { params: { id: '9223372036854775808' } })).status).toBe(404)
    expect((await call(execution, { params: { id: '9223372036854775807' } })).status).toBe(404)
  })

  it('sends its answers as data that nothing may run, frame or keep', async () => {
    const { headers } = await call(executions)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('cache-control')).toBe('no-store')
  })
})

describe('POST /api/postgres/execute', () => {
  const ask = (query: string, schema?: string): Promise<Response> =>
    call(execute, { method: 'POST', body: { query, ...(schema === undefined ? {} : { schema }) } })

  it('answers the query of the first five minutes', async () => {
    const id = await seedExecution()
    await seedEvents(id, 'page_fetched', [1])
    const answer = await ask(
      `SELECT event_type, status FROM noetl.event WHERE execution_id = ${id} ORDER BY event_id`,
      'noetl',
    )
    expect(await answer.json()).toEqual({
      columns: ['event_type', 'status'],
      rows: [{ event_type: 'page_fetched', status: 'RUNNING' }],
      row_count: 1,
      truncated: false,
    })
  })

  it('keeps every digit, and names columns apart', async () => {
    const answer = await ask(
      `SELECT 9007199254740993::bigint AS big, '{"n":9007199254740993}'::json AS doc, 1.5::float8 AS f, 'NaN'::float8 AS nan,
        true AS yes, NULL AS nothing, 1, 2`,
    )
    expect(await answer.text()).toContain(
      `"rows":[{"big":"9007199254740993","doc":{"n":9007199254740993},"f":1.5,"nan":"NaN","yes":true,"nothing":null,"?column?":1,"?column?_2":2}]`,
    )
  })

  it('stops at 1,000 rows and says so', async () => {
    const answer = await (await ask('SELECT generate_series(1, 5000000) AS n')).json()
    expect([answer.row_count, answer.truncated, answer.rows.length]).toEqual([1_000, true, 1_000])
  })

  it('reads the schemas playbooks write to', async () => {
    await playbookPool().query('CREATE SCHEMA noetl_test; CREATE TABLE noetl_test.t AS SELECT 7 AS seven')
    expect((await (await ask('SELECT seven FROM t', 'noetl_test')).json()).rows).toEqual([{ seven: 7 }])
  })

  it.each([
    ['DELETE FROM noetl.execution', 403],
    ['INSERT INTO noetl_test.t VALUES (1)', 403],
    ['CREATE TABLE public.x (a int)', 403],
    ['WITH gone AS (DELETE FROM noetl.step RETURNING 1) SELECT * FROM gone', 403],
    ['SELECT * FROM noetl.secret', 403],
    [`SELECT pg_read_file('/etc/passwd')`, 403],
    ['SELECT 1; SELECT 2', 422],
    ['COMMIT; DELETE FROM noetl.step', 422],
    ['SELEKT 1', 422],
    ['COPY noetl.step TO STDOUT', 422],
    [`COPY noetl.step TO PROGRAM 'cat'`, 403],
    ['COPY noetl.step FROM STDIN', 403],
    [`SELECT repeat('x', 60000000)`, 422],
    ['SELECT pg_sleep(30)', 422],
  ])('refuses %s', async (query, status) => {
    const answer = await ask(query)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json'])
    expect((await ask('SELECT 1')).status).toBe(200)
  })

  it('says where the statement is wrong', async () => {
    const problem = await (await ask('SELECT 1,\n  nothing FROM noetl.event')).json()
    expect(problem.errors[0]).toMatchObject({ path: 'query', line: 2, column: 3 })
  })
})

describe('the results', () => {
  const hostile = String.raw`{"data": [
    {"id": 12345678901234567890, "name": "=HYPERLINK(1)", "owner": {"name": "a\u0000b", "tags": ["x"]}},
    {"id": -0.10, "name": "lone \ud800", "extra": true}
  ]}`

  const seedResults = async (): Promise<string> => {
    const id = await seedExecution({ status: 'COMPLETED', path: 'tests/results' })
    // Saved out of order on purpose: what finished first must not come first.
    await seedPage(id, { index: 1, page: 1, body: '[{"id":5}]', itemCount: 1 })
    await seedPage(id, { index: 0, page: 2, body: '{"data":[{"id":3},{"id":4}]}', itemsPath: ['data'], itemCount: 2 })
    await seedPage(id, { index: 0, page: 1, body: hostile, itemsPath: ['data'], itemCount: 2 })
    await seedPage(id, { index: 1, page: 2, body: '{"data":[1,2,3]}', items: '[{"id":6}]', itemCount: 1 })
    await seedPage(id, { index: 1, page: 3, body: 'null', itemCount: 0 })
    return id
  }
  const get = (id: string, query: string): Promise<Response> => call(results, { params: { id }, query })
  const parquetOf = async (answer: Response) => readParquet(new Uint8Array(await answer.arrayBuffer()))

  it('exports JSON lines as they came, digit for digit, in the order step, element, page, row', async () => {
    const answer = await get(await seedResults(), '?format=ndjson')
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="results-\d+\.ndjson"$/)
    expect((await answer.text()).split('\n')).toEqual([
      String.raw`{"id": 12345678901234567890, "name": "=HYPERLINK(1)", "owner": {"name": "a\u0000b", "tags": ["x"]}}`,
      String.raw`{"id": -0.10, "name": "lone \ud800", "extra": true}`,
      '{"id":3}',
      '{"id":4}',
      '{"id":5}',
      '{"id":6}',
      '',
    ])
  })

  it('exports one JSON array, an empty one too', async () => {
    const parsed = await (await get(await seedResults(), '?format=json&provenance=1&columns=id')).json()
    expect(parsed).toHaveLength(6)
    expect(parsed[3]).toEqual({ _step: 'fetch', _index: 0, _element: 'e0', _page: 2, _row: 2, id: 4 })
    expect(await (await get(await seedExecution(), '?format=json')).json()).toEqual([])
    expect(await (await get(await seedExecution(), '?format=ndjson')).text()).toBe('')
  })

  it('exports CSV with dotted columns and no formulas, from a running execution too', async () => {
    const id = await seedResults()
    const text = await (await get(id, '?format=csv&provenance=1')).text()
    expect(text.split('\r\n').slice(0, 4)).toEqual([
      '_step,_index,_element,_page,_row,id,name,owner.name,owner.tags,extra',
      `fetch,0,e0,1,1,12345678901234567890,'=HYPERLINK(1),a\\u0000b,"[""x""]",`,
      'fetch,0,e0,1,2,-0.10,lone \\ud800,,,true',
      'fetch,0,e0,2,1,3,,,,',
    ])
    const running = await seedExecution()
    await seedPage(running, { index: 0, page: 1, body: '[{"a":1}]', itemCount: 1 })
    expect(await (await get(running, '?format=csv')).text()).toBe('a\r\n1\r\n')
  })

  it('exports Parquet with the columns of CSV, typed, from a running execution too', async () => {
    const id = await seedResults()
    const answer = await get(id, '?format=parquet')
    expect(answer.headers.get('content-type')).toBe('application/vnd.apache.parquet')
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="results-\d+\.parquet"$/)
    const { types, rows: all } = await parquetOf(answer)
    expect(types).toEqual({ id: 'UTF8', name: 'UTF8', 'owner.name': 'UTF8', 'owner.tags': 'JSON', extra: 'BOOLEAN' })
    expect(all.map((row) => row['id'])).toEqual(['12345678901234567890', '-0.10', '3', '4', '5', '6'])
    expect(all[0]).toMatchObject({
      name: '=HYPERLINK(1)',
      'owner.name': 'a\u0000b',
      'owner.tags': '["x"]',
      extra: null,
    })
    expect(all[1]).toMatchObject({ name: 'lone \\ud800', 'owner.name': null, extra: true })

    const some = await get(id, '?format=parquet&provenance=1&columns=id&where=id%3D4')
    expect((await parquetOf(some)).rows).toEqual([
      { _step: 'fetch', _index: 0, _element: 'e0', _page: 2, _row: 2, id: 4n },
    ])
    const running = await seedExecution()
    expect((await parquetOf(await get(running, '?format=parquet'))).rows).toEqual([])
    await seedPage(running, { index: 0, page: 1, body: '[{"a":1}]', itemCount: 1 })
    expect((await parquetOf(await get(running, '?format=parquet'))).rows).toEqual([{ a: 1n }])
  })

  it('filters by equality and refuses what it cannot do before the first byte', async () => {
    const id = await seedResults()
    expect(await (await get(id, '?format=ndjson&where=extra%3Dtrue&columns=id')).text()).toBe('{"id":-0.10}\n')
    expect((await get(id, '?format=xlsx')).status).toBe(422)
    expect((await get(id, '?where=nonsense')).status).toBe(422)
    expect((await get(id, '?step=nope')).status).toBe(404)
    expect((await get('999999', '')).status).toBe(404)
  })

  it('gives any window on the same rows', async () => {
    const id = await seedResults()
    const window = async (offset: number, limit: number): Promise<[number, string[]]> => {
      const answer = await call(rows, { params: { id }, query: `?offset=${offset}&limit=${limit}` })
      const { items, total } = await answer.json()
      return [
        total,
        items.map((row: { index: number; page: number; row: number }) => `${row.index}.${row.page}.${row.row}`),
      ]
    }
    const all = ['0.1.1', '0.1.2', '0.2.1', '0.2.2', '1.1.1', '1.2.1']
    for (let offset = 0; offset <= 7; offset++) {
      for (const limit of [1, 2, 4, 10])
        expect(await window(offset, limit)).toEqual([6, all.slice(offset, offset + limit)])
    }
    expect(await (await call(rows, { params: { id } })).text()).toContain('"item":{"id": 12345678901234567890,')
  })

  it('shows one page with its body and items', async () => {
    const id = await seedResults()
    const shown = await (await call(page, { params: { id, index: '0', page: '1' } })).json()
    expect(shown).toMatchObject({ step: 'fetch', index: 0, page: 1, item_count: 2, attempts: [] })
    expect(shown.response.body).toBe(hostile)
    expect(shown.items).toHaveLength(2)
    expect((await call(page, { params: { id, index: '0', page: '9' } })).status).toBe(404)
  })
})

describe('GET /api/ready', () => {
  it('says which part is missing', async () => {
    const answer = await call(ready)
    expect(answer.status).toBe(503)
    const problem = await answer.json()
    expect(problem.checks.map(({ part, ok }: { part: string; ok: boolean }) => [part, ok])).toEqual([
      ['database', true],
      ['queue', false],
      ['worker', false],
    ])
  })
})
