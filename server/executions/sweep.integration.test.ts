import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../db/testing/create-test-database'
import { pool } from '../db/pool'
import { migrateQueue, closeQueueConnection } from '../queue/connection'
import { closeQueues } from '../queue/enqueue'
import { jobIdOf } from '../queue/jobs'
import { looseExecutions, looseIterations, sweep, SWEEP_STATEMENTS } from './sweep'

await createTestDatabase()
await migrateQueue()
afterAll(async () => {
  await closeQueues()
  await closeQueueConnection()
})

const ELEMENTS = 100_000
const RELEASED = 50_000
/** Pages of 8 KiB a sweep may look at: the whole table has thousands. */
const MAX_BLOCKS = 400

type Plan = { 'Node Type': string; 'Relation Name'?: string; 'Index Name'?: string; Plans?: Plan[] } & {
  'Shared Hit Blocks': number
  'Shared Read Blocks': number
}

describe(`a sweep over a loop of ${ELEMENTS} elements`, () => {
  let executionId = ''

  beforeAll(async () => {
    executionId = await seedLoop()
  })

  it('finds what lost its lease, what waited long enough and what lost its ticket, and nothing else', async () => {
    const found = await looseIterations()
    expect(found.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual([49_990, 49_993, 49_996])
    expect(found[0]).toMatchObject({ executionId, step: 'fetch' })
  })

  it('leaves a ticket alone that was written just now', async () => {
    await pool().query('UPDATE noetl.step SET released_at = clock_timestamp()')
    expect((await looseIterations()).map(({ index }) => index)).not.toContain(49_996)
    await pool().query(`UPDATE noetl.step SET released_at = clock_timestamp() - interval '1 minute'`)
  })

  it('leaves an execution alone that a worker is at, and finds it when no lease is left', async () => {
    expect(await looseExecutions()).toEqual([])
    await pool().query(`UPDATE noetl.iteration SET lease_until = NULL WHERE status = 'RUNNING' AND execution_id = $1`, [
      executionId,
    ])
    expect(await looseExecutions()).toEqual([{ executionId, seq: 0 }])
  })

  it.each(Object.entries(SWEEP_STATEMENTS))('reads %s through indexes only', async (_name, { text, values }) => {
    const { rows } = await pool().query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
      values,
    )
    const plan = rows[0]?.['QUERY PLAN'][0].Plan
    const nodes = plan === undefined ? [] : [...nodesOf(plan)]
    const onIterations = nodes.filter((node) => node['Relation Name'] === 'iteration')
    expect(onIterations.length).toBeGreaterThan(0)
    expect(onIterations.map((node) => node['Node Type'])).not.toContain('Seq Scan')
    expect((plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0)).toBeLessThan(MAX_BLOCKS)
  })
})

// Planted: without the place where the last sweep ended, both of these look at the same thousand for ever.
describe('more that waits than a sweep takes', () => {
  it('hides no younger run that lost its ticket: the second sweep finds it', async () => {
    await pool().query(`UPDATE noetl.execution SET status = 'COMPLETED'`)
    await seedRuns(1_100, 'PENDING')
    const [young = ''] = await seedRuns(1, 'RUNNING')
    expect([await sweep(), await sweep()]).toEqual([1_000, 101])
    expect(await ticketIds()).toContain(jobIdOf('orchestrate', { executionId: young, seq: 0 }))
    expect(await sweep()).toBe(1_000)
  })

  it('hides no element behind the others of its step, and no other run', async () => {
    await pool().query(`UPDATE noetl.execution SET status = 'COMPLETED'`)
    const [id = '', other = ''] = await seedRuns(2, 'RUNNING')
    await seedReleased(id, 1_500)
    await seedReleased(other, 3)
    const found = [await looseIterations(pool())]
    const last = found[0]?.at(-1)
    expect(last).toMatchObject({ executionId: id, step: 'fetch', index: 999 })
    found.push(await looseIterations(pool(), last))
    const indexes = (of: string) => found.flat().flatMap((each) => (each.executionId === of ? [each.index] : []))
    expect(indexes(id)).toEqual(Array.from({ length: 1_500 }, (_, index) => index))
    expect(indexes(other)).toEqual([0, 1, 2])
  })
})

async function ticketIds(): Promise<string[]> {
  const { rows } = await pool().query<{ id: string }>(`SELECT id FROM bullmq.job WHERE queue = 'orchestrate'`)
  return rows.map(({ id }) => id)
}

async function seedRuns(count: number, status: 'PENDING' | 'RUNNING'): Promise<string[]> {
  const { rows } = await pool().query<{ id: string }>(
    `INSERT INTO noetl.execution (path, content_hash, status, workload, trigger, created_at)
     SELECT 'tests/sweep', 'sweep', $2, '{}', '{}', clock_timestamp() - interval '1 minute' FROM generate_series(1, $1)
     RETURNING execution_id AS id`,
    [count, status],
  )
  return rows.map(({ id }) => id)
}

/** A step whose elements were handed out a minute ago, and nobody has begun any. */
async function seedReleased(id: string, elements: number): Promise<void> {
  await pool().query(
    `INSERT INTO noetl.step (execution_id, step, tool, status, collection_size, concurrency, released, released_at)
     VALUES ($1, 'fetch', 'http', 'RUNNING', $2, $2, $2, clock_timestamp() - interval '1 minute')`,
    [id, elements],
  )
  await pool().query(
    `INSERT INTO noetl.iteration (execution_id, step, iteration_index) SELECT $1, 'fetch', generate_series(0, $2 - 1)`,
    [id, elements],
  )
}

/** Half of the elements are done, a window of ten is out, the rest waits its turn. */
async function seedLoop(): Promise<string> {
  await pool().query(`INSERT INTO noetl.playbook_content (hash, content) VALUES ('sweep', '')`)
  const { rows } = await pool().query<{ id: string }>(
    `INSERT INTO noetl.execution (path, content_hash, status, workload, trigger)
     VALUES ('tests/sweep', 'sweep', 'RUNNING', '{}', '{}') RETURNING execution_id AS id`,
  )
  const id = rows[0]?.id ?? ''
  await pool().query(
    `INSERT INTO noetl.step (execution_id, step, tool, status, collection_size, concurrency, released, released_at, completed)
     VALUES ($1, 'fetch', 'http', 'RUNNING', ${ELEMENTS}, 10, ${RELEASED}, clock_timestamp() - interval '1 minute', ${RELEASED - 10})`,
    [id],
  )
  await pool().query(
    `INSERT INTO noetl.iteration (execution_id, step, iteration_index, status, lease_until, next_attempt_at)
     SELECT $1, 'fetch', n,
       CASE WHEN n < ${RELEASED - 10} THEN 'COMPLETED' WHEN n > 49995 THEN 'PENDING' WHEN n > 49992 THEN 'WAITING' ELSE 'RUNNING' END,
       CASE n WHEN 49990 THEN clock_timestamp() - interval '1 second' WHEN 49991 THEN clock_timestamp() + interval '1 hour'
         WHEN 49992 THEN clock_timestamp() + interval '1 hour' END,
       CASE n WHEN 49993 THEN clock_timestamp() - interval '1 second' WHEN 49994 THEN clock_timestamp() + interval '1 hour'
         WHEN 49995 THEN clock_timestamp() + interval '1 hour' END
     FROM generate_series(0, ${ELEMENTS - 1}) AS n`,
    [id],
  )
  await pool().query(
    `UPDATE noetl.iteration SET status = 'COMPLETED' WHERE execution_id = $1 AND iteration_index BETWEEN 49997 AND 49999`,
    [id],
  )
  await pool().query('ANALYZE noetl.iteration')
  return id
}

function* nodesOf(plan: Plan): Generator<Plan> {
  yield plan
  for (const part of plan.Plans ?? []) yield* nodesOf(part)
}
