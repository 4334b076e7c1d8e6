import { beforeAll, describe, expect, it } from 'vitest'
import { playbookPool } from '@/server/db/playbook-pool'
import { pool } from '@/server/db/pool'
import { eventsOf, startEngine, statusOf } from './testing/start-engine'

const engine = await startEngine('postgresql')

beforeAll(async () => {
  await playbookPool()
    .query(`CREATE SCHEMA stored; CREATE TABLE stored.wide (id bigint PRIMARY KEY, name text DEFAULT 'unnamed',
    tags text[], facts jsonb, at timestamptz, n numeric); CREATE SEQUENCE stored.tries; CREATE SEQUENCE stored.unused; CREATE TABLE stored.big (id int, name text); CREATE TABLE stored.copied (id int, name text); CREATE TABLE stored.odd (name text)`)
})

describe('retry of a postgres step', () => {
  it('tries again what on_error names, waits without a slot, and says so', async () => {
    const id = await engine.run(
      statement(
        `DO $$ BEGIN IF nextval('stored.tries') < 3 THEN RAISE EXCEPTION 'not yet' USING ERRCODE = 'P0002'; END IF; END $$`,
        `retry: { on_error: { when: "{{ error.type == 'P0002' and 'not yet' in error.message }}", max_attempts: 5, initial_delay: 0.05 } }`,
      ),
    )
    expect(await statusOf(id)).toBe('COMPLETED')
    const retries = (await eventsOf(id)).filter(({ event_type }) => event_type === 'page_retry')
    expect(retries.map(({ attempt, context }) => [attempt, context['delay_ms'], context['reason']])).toEqual([
      [1, 50, 'backoff 0.05 s × 2^0'],
      [2, 100, 'backoff 0.05 s × 2^1'],
    ])
    expect(retries[0]?.context).toMatchObject({
      error: { kind: 'statement_refused', message: expect.stringContaining('SQLSTATE P0002') },
    })
  })

  it('fails after the last try, and counts the tries', async () => {
    const id = await engine.run(
      statement(
        'SELECT 1/0',
        `retry: { on_error: { when: "{{ error.type == '22012' }}", max_attempts: 2, initial_delay: 0.01 } }`,
      ),
    )
    expect(await errorOf(id)).toMatchObject({
      kind: 'statement_refused',
      message: expect.stringMatching(/SQLSTATE 22012.* This was try 2, the last\./),
    })
  })

  it('does not repeat a statement that would be refused again', async () => {
    const id = await engine.run(statement('SELECT nothing_like_this'))
    expect(await errorOf(id)).toMatchObject({ message: expect.stringContaining('SQLSTATE 42703') })
    expect((await eventsOf(id)).filter(({ event_type }) => event_type === 'page_retry')).toEqual([])
  })

  it('repeats a serialization failure without being asked', async () => {
    const id = await engine.run(statement(`DO $$ BEGIN RAISE EXCEPTION 'met' USING ERRCODE = '40001'; END $$`))
    expect((await eventsOf(id)).filter(({ event_type }) => event_type === 'page_retry')).toHaveLength(2)
    expect(await statusOf(id)).toBe('FAILED')
  })
})

describe('a statement that is refused', () => {
  it('says why in the log, however much PostgreSQL says', async () => {
    const id = await engine.run(statement(`SELECT repeat('x', 100000)::int`))
    expect(await errorOf(id)).toMatchObject({
      message: expect.stringMatching(/^PostgreSQL refused the statement: invalid input.* … x*" \(SQLSTATE 22P02\)$/),
    })
  })

  it.each([
    ['of more values than it has places for', `SELECT $1::text`, `params: [1, 2]`, '08P01'],
    ['of fewer values than it has places for', `SELECT $1::text, $2::text`, `params: [1]`, '08P01'],
    ['of a sequence that gave nothing yet', `SELECT currval('stored.unused')`, '', '55000'],
    ['of a setting that only a restart changes', `SET max_connections = 7`, '', '55P02'],
  ])('because %s fails its step at once', async (_why, sql, more, sqlstate) => {
    const id = await engine.run(statement(sql, more))
    expect(await errorOf(id)).toMatchObject({
      kind: 'statement_refused',
      message: expect.stringContaining(`SQLSTATE ${sqlstate}`),
    })
  })
})

it.each([
  ['a setting', `SET search_path = stored`, `current_setting('search_path') LIKE '%public%'`],
  ['a temporary table', `CREATE TEMP TABLE mine (a int)`, `to_regclass('pg_temp.mine') IS NULL`],
  ['a lock', `SELECT pg_advisory_lock(4711)`, `(SELECT count(*) = 0 FROM pg_locks WHERE objid = 4711)`],
  ['what it prepared', `PREPARE mine AS SELECT 1`, `(SELECT count(*) = 0 FROM pg_prepared_statements)`],
])('a statement leaves %s to no statement after it', async (_what, sql, isGone) => {
  const id = await engine.run(
    playbook(`  - { step: start, tool: postgres, statement: ${JSON.stringify(sql)}, next: [{ step: fails }] }
  - { step: fails, tool: postgres, statement: "SELECT 1/0", loop: { collection: [1], element: e, on_failure: continue }, next: [{ step: look }] }
  - step: look
    tool: postgres
    statement: ${JSON.stringify(`SELECT ${isGone} AS gone`)}
    next: [{ step: check }]
  - { step: check, tool: assert, that: [{ name: gone, expr: "look.rows == [{'gone': true}]" }] }`),
  )
  expect(await statusOf(id)).toBe('COMPLETED')
})

it('a statement takes a list for JSON where JSON is due, an empty one too, and its integers digit for digit', async () => {
  const id = await engine.run(
    playbook(`  - step: start
    tool: postgres
    statement: |
      SELECT {{ value }}::jsonb::text AS json, {{ value }}::text[] AS list, {{ [value, {'deep': 9007199254740993}] }}::jsonb ->> 1 AS deep
    loop: { collection: [[], [1, a, null]], element: value }
    next: [{ step: check }]
  - step: check
    tool: assert
    that:
      - { name: empty, expr: "start.results[0].rows[0].json == '[]' and start.results[0].rows[0].list == []" }
      - { name: filled, expr: "start.results[1].rows[0].json == '[1, \\"a\\", null]'" }
      - { name: list, expr: "start.results[1].rows[0].list == ['1', 'a', none]" }
      - { name: digits, expr: "start.results[0].rows[0].deep == '{\\"deep\\": 9007199254740993}'" }`),
  )
  expect(await errorOf(id)).toBeUndefined()
  expect(await statusOf(id)).toBe('COMPLETED')
})

it('a statement takes NUL and half a surrogate pair as a row that is stored does: by their escapes', async () => {
  const content = playbook(`  - step: start
    tool: postgres
    statement: |
      SELECT {{ workload.odd }}::text AS one, {{ [workload.odd] }}::text[] AS list, {{ {'deep': workload.odd} }}::jsonb ->> 'deep' AS deep
    sink: { tool: postgres, table: stored.odd, data: { name: "{{ workload.odd }}" } }`)
  const id = await engine.run(content.replace('workflow:', 'workload: { odd: "a\\0\\uD83Db" }\nworkflow:'))
  expect(await errorOf(id)).toBeUndefined()
  const { rows: kept } = await pool().query(`SELECT checkpoint #> '{result,rows,0}' AS row, c.name
    FROM noetl.iteration, stored.odd c WHERE execution_id = ${id}`)
  const escaped = 'a\\u0000\\ud83db'
  expect(kept).toEqual([{ row: { one: escaped, list: [escaped], deep: escaped }, name: escaped }])
})

it('several statements that are given values are refused with what to do', async () => {
  const id = await engine.run(statement('SELECT {{ execution_id }}::text; SELECT 2'))
  expect(await errorOf(id)).toMatchObject({
    message: expect.stringContaining('SQLSTATE 42601'),
    hint: expect.stringContaining('bound to one statement alone'),
  })
})

it.each([
  ['COPY stored.copied FROM STDIN'],
  ['COPY (SELECT 1) TO STDOUT'],
  [`SELECT 'COPY a FROM STDIN'; /* so */ copy stored.copied -- here\n to stdout WITH (FORMAT csv)`],
])('a statement that would copy through the connection is refused before it is sent: %s', async (sql) => {
  const id = await engine.run(statement(sql))
  expect(await errorOf(id)).toMatchObject({
    kind: 'statement_refused',
    message: expect.stringMatching(/^COPY .* can't be a statement/),
  })
  expect(
    await statusOf(await engine.run(statement(`SELECT $a$; COPY b TO STDOUT$a$, 'it''s; COPY c FROM STDIN' AS b`))),
  ).toBe('COMPLETED')
})

it('a statement leaves its time-outs to nothing that is done after it in its transaction', async () => {
  const seen = `concat_ws(' ', current_setting('statement_timeout'), current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout'))`
  const id = await engine.run(
    playbook(`  - step: start
    tool: postgres
    statement: "SET statement_timeout = 5000; SET LOCAL lock_timeout = 77; SET idle_in_transaction_session_timeout = 9000"
    sink: { tool: postgres, statement: ${JSON.stringify(`CREATE TABLE stored.after AS SELECT ${seen} AS seen`)} }`),
  )
  expect(await statusOf(id)).toBe('COMPLETED')
  const { rows: before } = await playbookPool().query(`SELECT ${seen} AS seen`)
  expect((await pool().query('SELECT seen FROM stored.after')).rows).toEqual(before)
})

describe('the rows a statement gives', () => {
  it('are refused where two columns have one name, of which one would be lost', async () => {
    const id = await engine.run(statement(`SELECT 1 AS id, 2 AS n, 3 AS id`))
    expect(await errorOf(id)).toMatchObject({
      kind: 'statement_refused',
      message: 'The statement gives more than one column "id", of which only one could be kept.',
      hint: 'Give each a name of its own: SELECT a.id AS a_id, b.id AS b_id.',
    })
    expect(await statusOf(await engine.run(statement('SELECT 1 AS id, 2 AS id; SELECT 3 AS id')))).toBe('COMPLETED')
  })

  it('are all of them, for the loop, the sink and the templates after it', async () => {
    const id = await engine.run(
      playbook(`  - step: start
    tool: postgres
    statement: SELECT n AS id, 'row ' || n AS name FROM generate_series(1, 2500) n
    sink: { tool: postgres, table: stored.copied, data: "{{ result.rows }}" }
    next: [{ step: each }]
  - step: each
    tool: transform
    input: "{{ batch }}"
    expression: $count($)
    loop: { collection: "{{ start.rows }}", element: batch, mode: chunked, chunk_size: 1000 }
    next: [{ step: check }]
  - step: check
    tool: assert
    that:
      - { name: rows, expr: start.rows | length == 2500 and start.row_count == 2500 }
      - { name: batches, expr: "each.results == [1000, 1000, 500]" }`),
    )
    expect(await statusOf(id)).toBe('COMPLETED')
    expect((await pool().query('SELECT count(*)::int AS n FROM stored.copied')).rows).toEqual([{ n: 2500 }])
  })

  it('are of the types that conditions and later statements take for the same', async () => {
    const id = await engine.run(
      playbook(`  - step: start
    tool: postgres
    statement: |
      SELECT count(*) AS n, '2026-01-02'::date AS day, '2026-01-02 03:04:05.123456'::timestamp AS at,
        '{"id": 9007199254740993}'::jsonb AS facts, 'infinity'::timestamptz AS never
    next: [{ step: again }]
  - step: again
    tool: postgres
    statement: |
      SELECT {{ start.rows[0].day }}::date = '2026-01-02' AND {{ start.rows[0].never }}::timestamptz = 'infinity'
        AND {{ start.rows[0].at }}::timestamp = '2026-01-02 03:04:05.123456' AS same
    next: [{ step: check }]
  - step: check
    tool: assert
    that:
      - { name: count, expr: "start.rows[0].n == 1" }
      - { name: digits, expr: "start.rows[0].facts.id == 9007199254740993" }
      - { name: same, expr: "again.rows[0].same" }`),
    )
    expect(await statusOf(id)).toBe('COMPLETED')
  })

  it('are refused with their statement where they are too many to be kept', async () => {
    const id = await engine.run(
      statement(`INSERT INTO stored.copied SELECT n, repeat('x', 1000) FROM generate_series(1, 20000) n RETURNING *`),
    )
    expect(await errorOf(id)).toMatchObject({
      kind: 'statement_refused',
      message: 'The statement gave 20000 rows, which are more than 16 MiB together; nothing of it was kept.',
    })
    expect((await pool().query(`SELECT FROM stored.copied WHERE name LIKE 'x%'`)).rowCount).toBe(0)
  })
})

describe('rows of a postgres step', () => {
  it('take the types of their columns, and defaults where a row names no value', async () => {
    const id = await engine.run(
      rows(
        `[{ id: 9007199254740993, tags: [a, "b,c"], facts: { deep: [1, null] }, at: "2026-01-02T03:04:05Z", n: 1.5 }, { id: 2, name: "O'Hara; DROP TABLE x" }]`,
      ),
    )
    expect(await statusOf(id)).toBe('COMPLETED')
    const stored = await pool().query(`SELECT id::text, name, tags, facts, n::text FROM stored.wide ORDER BY id`)
    expect(stored.rows).toEqual([
      { id: '2', name: "O'Hara; DROP TABLE x", tags: null, facts: null, n: null },
      { id: '9007199254740993', name: 'unnamed', tags: ['a', 'b,c'], facts: { deep: [1, null] }, n: '1.5' },
    ])
  })

  it('upsert changes the columns a row names and keeps the others; of the same key the last row counts', async () => {
    await engine.run(rows(`[{ id: 2, n: 1 }, { id: 2, n: 2 }, { id: 7, name: new }]`, 'mode: upsert, key: [id]'))
    const stored = await pool().query(`SELECT id::int, name, n::int FROM stored.wide WHERE id IN (2, 7) ORDER BY id`)
    expect(stored.rows).toEqual([
      { id: 2, name: "O'Hara; DROP TABLE x", n: 2 },
      { id: 7, name: 'new', n: null },
    ])
  })

  it('are all refused with one of them, which is named', async () => {
    const id = await engine.run(
      rows(`[{ id: 70, n: 1 }, { id: 71, n: 1 }, { id: 72, n: one }]`, 'mode: upsert, key: [id]'),
    )
    expect(await errorOf(id)).toMatchObject({
      kind: 'statement_refused',
      message: expect.stringMatching(/: "one", in row 2, column n \(SQLSTATE 22P02\)$/),
    })
    expect((await pool().query('SELECT FROM stored.wide WHERE id >= 70 AND id < 80')).rowCount).toBe(0)
  })

  it('refuse a name that is none, and a row that is none', async () => {
    expect(await errorOf(await engine.run(rows(`[{ "id) SELECT 1 --": 1 }]`)))).toMatchObject({
      message: expect.stringContaining("can't be the name of a column"),
    })
    expect(await errorOf(await engine.run(rows(`[1]`)))).toMatchObject({
      message: expect.stringContaining('Row 0 for stored.wide is 1'),
    })
  })

  it('go in at speed: 50,000 of a statement before, in one transaction', async () => {
    const id = await engine.run(
      playbook(`  - step: start
    tool: transform
    input: { n: 50000 }
    expression: '[1..n].{ "id": $, "name": "row " & $ }'
    sink: { tool: postgres, table: stored.big, data: "{{ result }}" }`),
    )
    expect(await statusOf(id)).toBe('COMPLETED')
    expect((await pool().query('SELECT count(*)::int AS n, max(id) AS last FROM stored.big')).rows).toEqual([
      { n: 50_000, last: 50_000 },
    ])
  })
})

const errorOf = async (executionId: string): Promise<unknown> =>
  (await eventsOf(executionId)).find(({ event_type }) => event_type === 'step_failed')?.context['error']

const playbook = (workflow: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: statements, path: tests/statements }
workflow:
${workflow}
`

const statement = (sql: string, more = ''): string =>
  playbook(`  - step: start
    tool: postgres
    statement: ${JSON.stringify(sql)}
    ${more}`)

const rows = (data: string, mode = 'mode: insert'): string =>
  playbook(`  - { step: start, tool: postgres, table: stored.wide, ${mode}, data: ${data} }`)
