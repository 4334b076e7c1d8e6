import { expect, test } from 'vitest'
import { claimIteration } from './claim-iteration'
import { playbookPool } from './playbook-pool'
import { pool } from './pool'
import { readerPool } from './reader-pool'
import { settleIteration } from './settle-iteration'
import { createTestDatabase } from './testing/create-test-database'
import { anEvent, seedExecution, STEP } from './testing/seed-execution'
import { withTransaction } from './with-transaction'

await createTestDatabase()

test('the playbook role makes and fills schemas of its own, which the reader role can read', async () => {
  await playbookPool().query(`CREATE SCHEMA own; CREATE TABLE own.results (n int); INSERT INTO own.results VALUES (1)`)
  expect((await readerPool().query('SELECT n FROM own.results')).rows).toEqual([{ n: 1 }])
  await expect(readerPool().query('INSERT INTO own.results VALUES (2)')).rejects.toThrow(/read-only|denied/)
})

test.each([
  'SELECT * FROM noetl.execution',
  'SELECT * FROM noetl.secret',
  'SELECT token_hash FROM noetl.webhook',
  'SELECT url FROM noetl.notice',
  'SELECT * FROM noetl._prisma_migrations',
  `INSERT INTO noetl.event (execution_id, seq, event_type, status, context) VALUES (1, 1, 'x', 'x', '{}')`,
  'CREATE TABLE noetl.mine (n int)',
  'CREATE TABLE public.mine (n int)',
  `SELECT noetl.append_events(1, '[]')`,
  'SELECT noetl.remove_execution(1, 1)',
  'SET ROLE pageturner',
  `COPY (SELECT 1) TO PROGRAM 'true'`,
  `SELECT pg_read_file('/etc/passwd')`,
])('the playbook role may not: %s', async (sql) => {
  await expect(playbookPool().query(sql)).rejects.toThrow(/denied/)
})

test('the reader role reads the tables of executions, with SELECT * too', async () => {
  const executionId = await seedExecution(pool(), 1)
  const { rows } = await readerPool().query<{ execution_id: string }>('SELECT * FROM noetl.iteration')
  expect(rows.map((row) => row.execution_id)).toContain(executionId)
})

test.each([
  ['SELECT * FROM noetl.secret', /denied/],
  ['SELECT token_hash FROM noetl.webhook', /denied/],
  ['SELECT url FROM noetl.notice', /denied/],
  ['UPDATE noetl.execution SET status = status', /denied|read-only/],
  ['BEGIN READ WRITE; DELETE FROM noetl.page', /denied/],
  ['CREATE SCHEMA mine', /denied|read-only/],
  ['SELECT pg_sleep(6)', /statement timeout/],
])('the reader role may not: %s', async (sql, reason) => {
  const client = await readerPool().connect()
  await expect(client.query(sql).finally(() => client.release(true))).rejects.toThrow(reason)
})

const settlement = {
  step: STEP,
  index: 0,
  status: 'COMPLETED',
  stopReason: 'no_next',
  warnings: [],
  error: null,
} as const

test('the playbook role commits its rows and the settlement of the claim it holds together', async () => {
  const executionId = await seedExecution(pool(), 1)
  const claim = await claimIteration({ executionId, step: STEP, index: 0, workerId: 'w', leaseMs: 10_000 })
  await playbookPool().query('CREATE SCHEMA sink; CREATE TABLE sink.rows (n int)')
  const events = [anEvent({ event_type: 'iteration_completed' })]
  const settle = { ...settlement, executionId, events, claimToken: claim?.claimToken ?? '' }
  const settled = await withTransaction(async (client) => {
    await client.query('INSERT INTO sink.rows VALUES (1)')
    return settleIteration(client, settle)
  }, playbookPool())
  expect(settled).toBe(true)
  const { rows } = await pool().query(
    `SELECT i.status, i.stop_reason, i.lease_until, s.completed, e.last_seq, (SELECT count(*)::int FROM sink.rows) AS rows
     FROM noetl.iteration i JOIN noetl.step s USING (execution_id, step) JOIN noetl.execution e USING (execution_id)
     WHERE execution_id = $1`,
    [executionId],
  )
  expect(rows).toEqual([
    { status: 'COMPLETED', stop_reason: 'no_next', lease_until: null, completed: 1, last_seq: 1, rows: 1 },
  ])
  expect(await settleIteration(playbookPool(), settle)).toBe(false)
})

test('nobody settles with the hash that the table shows', async () => {
  const executionId = await seedExecution(pool(), 1)
  await claimIteration({ executionId, step: STEP, index: 0, workerId: 'w', leaseMs: 10_000 })
  const { rows } = await readerPool().query<{ claim_hash: string }>(
    'SELECT claim_hash FROM noetl.iteration WHERE execution_id = $1',
    [executionId],
  )
  const claimToken = rows[0]?.claim_hash ?? ''
  expect(claimToken).toHaveLength(64)
  expect(await settleIteration(playbookPool(), { ...settlement, executionId, events: [], claimToken })).toBe(false)
})
