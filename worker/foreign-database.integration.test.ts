import { beforeAll, expect, inject, it, vi } from 'vitest'
import { playbookPool } from '@/server/db/playbook-pool'
import { pool } from '@/server/db/pool'
import { setVariables } from '@/server/env'
import { cancelExecution } from '@/server/executions/cancel-execution'
import { startExecution } from '@/server/executions/start-execution'
import { startForeignDatabase } from './testing/foreign-database'
import { eventsOf, startEngine, statusOf, stepRow } from './testing/start-engine'

const engine = await startEngine('postgresql')

const { name: NAME, address, port, direct: warehouse, admin } = await startForeignDatabase('warehouse')

beforeAll(async () => {
  await warehouse.query('CREATE TABLE users (id int PRIMARY KEY, name text); CREATE TABLE slow (n int)')
  setVariables({
    PAGETURNER_ALLOW_HOSTS: `127.0.0.1:${port}`,
    PAGETURNER_SECRET_WAREHOUSE: address(),
    PAGETURNER_SECRET_WITH_TLS: address('verify-full'),
    PAGETURNER_SECRET_WRONG_DATABASE: address('disable', 'hunter-2').replace(NAME, 'nowhere_at_all'),
    PAGETURNER_SECRET_OWN: `postgres://u:p@127.0.0.1:${new URL(inject('templateDatabaseUrl')).port}/postgres?sslmode=disable`,
    PAGETURNER_SECRET_PRIVATE: 'postgres://u:hunter-3@10.0.0.7:5432/x',
    PAGETURNER_SECRET_NONSENSE: 'hunter-4',
  })
})

it('runs a statement in the registered database, and hands its rows to later steps', async () => {
  const id = await engine.run(
    playbook(`  - { step: start, tool: postgres, credential: WAREHOUSE, statement: "SELECT current_database() AS name, {{ 40 + 2 }}::int AS n", next: [{ step: check }] }
  - { step: check, tool: assert, that: [{ name: there, expr: "start.rows[0].name == '${NAME}' and start.rows[0].n == 42" }] }`),
  )
  expect(await statusOf(id)).toBe('COMPLETED')
})

it('interrupts a statement over there within a second when its run is cancelled', async () => {
  const asking = Date.now()
  const { executionId: id } = await startExecution({
    content: playbook(`  - { step: start, tool: postgres, credential: WAREHOUSE, statement: "SELECT pg_sleep(30)" }`),
    trigger: { type: 'test' },
  })
  const sleepers = async (): Promise<number | null> =>
    (await admin.query(`SELECT FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'PgSleep'`, [NAME])).rowCount
  await vi.waitFor(async () => expect(await sleepers()).toBe(1), { timeout: 20_000, interval: 10 })
  const from = Date.now()
  const began = from - asking
  await cancelExecution(id)
  await vi.waitFor(async () => expect(await sleepers()).toBe(0), { timeout: 20_000, interval: 10 })
  // A second, and what a machine that was slow to begin it may take to end it.
  expect(Date.now() - from).toBeLessThan(1_000 + 3 * began)
  expect(await statusOf(id)).toBe('CANCELLED')
})

it('upserts by sinks per iteration and per step, so that a repetition changes nothing', async () => {
  const content = playbook(`  - step: start
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/users"
    params: { pageSize: 10 }
    loop: { collection: [1, 2], element: n }
    sink: { tool: postgres, credential: WAREHOUSE, table: users, mode: upsert, key: id, data: [{ id: 1000, name: "{{ result.stats.items }} items" }] }
    retry:
      on_success:
        max_attempts: 1
        next_call: { params: { page: 2 } }
        collect: { path: data, strategy: append, into: pages }
        sink: { tool: postgres, credential: WAREHOUSE, table: users, mode: upsert, key: id, data: { id: "{{ n }}", name: "{{ result[0].name }}" } }`)
  for (const run of [1, 2]) {
    const id = await engine.run(content)
    expect([run, await statusOf(id)]).toEqual([run, 'COMPLETED'])
    const sinks = (await eventsOf(id)).filter(({ event_type }) => event_type === 'sink_completed')
    expect(sinks.map(({ iteration_index, context }) => [iteration_index, context['rows']])).toEqual([
      [0, 1],
      [1, 1],
      [null, 1],
    ])
  }
  const { rows } = await warehouse.query('SELECT id, name FROM users ORDER BY id')
  expect(rows.map(({ id }) => id)).toEqual([1, 2, 1000])
  expect(rows[2]).toEqual({ id: 1000, name: '20 items' })
})

it.each([
  ['WITH_TLS', 'database_unreachable', /does not support SSL/],
  ['WRONG_DATABASE', 'database_unreachable', /nowhere_at_all.*SQLSTATE 3D000|SQLSTATE 28P01/],
  ['OWN', 'database_unreachable', /Pageturner's own database/],
  ['PRIVATE', 'database_unreachable', /add 10\.0\.0\.7:5432 to PAGETURNER_ALLOW_HOSTS/],
  ['NONSENSE', 'invalid_request', /The secret NONSENSE is not the address of a database/],
  ['NOT_STORED', 'missing_secret', /secret\.NOT_STORED/],
])('says what is wrong with %s, and nothing of its password', async (credential, kind, message) => {
  const id = await engine.run(
    playbook(
      `  - { step: start, tool: postgres, credential: ${credential}, statement: SELECT 1, retry: { max_attempts: 1 } }`,
    ),
  )
  expect(await statusOf(id)).toBe('FAILED')
  const events = await eventsOf(id)
  expect(events.find(({ event_type }) => event_type === 'step_failed')?.context).toMatchObject({
    error: { kind, message: expect.stringMatching(message) },
  })
  expect(JSON.stringify(events)).not.toMatch(/hunter-\d/)
})

it('fails an iteration whose sink is refused there, and keeps its pages here', async () => {
  const id = await engine.run(
    playbook(`  - step: start
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/users"
    sink: { tool: postgres, credential: WAREHOUSE, table: users, data: { id: not-a-number } }`),
  )
  expect(await statusOf(id)).toBe('FAILED')
  expect(await stepRow(id, 'start')).toMatchObject({ failed: 1, pages: 1 })
  const failed = (await eventsOf(id)).find(({ event_type }) => event_type === 'sink_failed')
  expect(failed?.context).toMatchObject({
    error: { kind: 'sink_failed', message: expect.stringContaining('in row 0, column id (SQLSTATE 22P02)') },
  })
})

it('tells of what a sink stored there, although the one after it failed here', async () => {
  const id = await engine.run(
    playbook(`  - step: start
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/users"
    retry:
      on_success:
        max_attempts: 1
        next_call: { params: { page: 2 } }
        sink: { tool: postgres, credential: WAREHOUSE, table: users, data: { id: 2000, name: stays } }
    sink: { tool: postgres, table: nowhere.at_all, data: { id: 1 } }`),
  )
  expect(await statusOf(id)).toBe('FAILED')
  expect((await warehouse.query('SELECT name FROM users WHERE id = 2000')).rows).toEqual([{ name: 'stays' }])
  const sinks = (await eventsOf(id)).filter(({ event_type }) => event_type.startsWith('sink_'))
  expect(sinks.map(({ event_type, context }) => [event_type, context['table']])).toEqual([
    ['sink_started', 'users'],
    ['sink_completed', 'users'],
    ['sink_started', 'nowhere.at_all'],
    ['sink_failed', 'nowhere.at_all'],
  ])
})

it('says what is refused when it is only checked at the end, of a statement there and of a sink here', async () => {
  const table = 'CREATE TABLE late (id int PRIMARY KEY, of int REFERENCES late DEFERRABLE INITIALLY DEFERRED)'
  await warehouse.query(table)
  await playbookPool().query(`CREATE SCHEMA checked; ${table.replaceAll('late', 'checked.late')}`)
  const there = await engine.run(
    playbook('  - { step: start, tool: postgres, credential: WAREHOUSE, statement: "INSERT INTO late VALUES (1, 2)" }'),
  )
  const here = await engine.run(
    playbook(`  - step: start
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/users"
    sink: { tool: postgres, table: checked.late, data: { id: 1, of: 2 } }`),
  )
  const refusals = await Promise.all([there, here].map(async (id) => JSON.stringify(await eventsOf(id))))
  for (const events of refusals) expect(events).toMatch(/foreign key constraint .*\(SQLSTATE 23503\)/)
  expect(await Promise.all([there, here].map(statusOf))).toEqual(['FAILED', 'FAILED'])
  expect((await warehouse.query('SELECT FROM late')).rowCount).toBe(0)
})

it('opens few connections, however many elements there are at once', async () => {
  const id = await engine.run(
    playbook(`  - step: start
    tool: postgres
    credential: WAREHOUSE
    statement: INSERT INTO slow SELECT {{ n }}::int FROM pg_sleep(0.02)
    loop: { collection: "{{ range(40) }}", element: n, mode: async, concurrency: 40 }`),
  )
  expect(await statusOf(id)).toBe('COMPLETED')
  expect((await warehouse.query('SELECT count(*)::int AS n FROM slow')).rows).toEqual([{ n: 40 }])
  const { rows } = await admin.query(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = $1 AND application_name = 'pageturner'`,
    [NAME],
  )
  expect(rows[0].n).toBeLessThanOrEqual(4)
  expect(rows[0].n).toBeGreaterThan(0)
  expect(
    (await pool().query(`SELECT 1 FROM noetl.step WHERE execution_id = $1 AND status = 'COMPLETED'`, [id])).rowCount,
  ).toBe(1)
})

const playbook = (workflow: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: foreign, path: tests/foreign }
workflow:
${workflow}
`
