import { describe, expect, test } from 'vitest'
import { appendEvents } from './append-events'
import { claimIteration } from './claim-iteration'
import { createPageWriter } from './page-writer'
import { pool } from './pool'
import { releaseIteration } from './release-iteration'
import { renewLeases } from './renew-leases'
import { createTestDatabase } from './testing/create-test-database'
import { aCommit, anEvent, seedExecution, STEP } from './testing/seed-execution'
import { withTransaction } from './with-transaction'

await createTestDatabase()

const claim = (executionId: string, workerId = 'w1', leaseMs = 60_000) =>
  claimIteration({ executionId, step: STEP, index: 0, workerId, leaseMs })

describe('a claim', () => {
  test('is held by one worker while its lease runs, and raises the epoch when it has run out', async () => {
    const executionId = await seedExecution(pool(), 1)
    const first = await claim(executionId, 'w1')
    expect(first).toMatchObject({ epoch: 1, firstClaim: true, idleStarts: 1, checkpoint: null, fingerprints: [] })
    expect(await claim(executionId, 'w2')).toBeNull()
    await pool().query(`UPDATE noetl.iteration SET lease_until = now() - interval '1 second' WHERE execution_id = $1`, [
      executionId,
    ])
    expect(await claim(executionId, 'w2')).toMatchObject({ epoch: 2, firstClaim: false, idleStarts: 2 })
    expect((await renewLeases('w1', 10_000, [{ executionId, step: STEP, index: 0, epoch: 1 }])).lost).toHaveLength(1)
    expect(await renewLeases('w2', 10_000, [{ executionId, step: STEP, index: 0, epoch: 2 }])).toEqual({
      lost: [],
      paused: [],
    })
  })

  test('brings back checkpoint, counts and the fingerprints of the saved pages in page order', async () => {
    const executionId = await seedExecution(pool(), 1)
    const first = await claim(executionId)
    const writer = createPageWriter({ pool: pool() })
    for (const page of [1, 2]) {
      await writer.write(
        aCommit(
          { executionId, index: 0, epoch: first?.epoch ?? 0 },
          { page, fingerprints: [`t:${page}`, `c:${page}`] },
        ),
      )
    }
    await writer.close()
    await releaseIteration({ executionId, step: STEP, index: 0, epoch: first?.epoch ?? 0 })
    expect(await claim(executionId, 'w2')).toMatchObject({
      epoch: 2,
      checkpoint: { page: 2 },
      pages: 2,
      items: 4,
      fingerprints: ['t:1', 'c:1', 't:2', 'c:2'],
      idleStarts: 1,
    })
  })

  test('is not given before an iteration that waits is due, nor of an execution that does not run', async () => {
    const executionId = await seedExecution(pool(), 1)
    await pool().query(
      `UPDATE noetl.iteration SET status = 'WAITING', next_attempt_at = now() + interval '1 hour' WHERE execution_id = $1`,
      [executionId],
    )
    expect(await claim(executionId)).toBeNull()
    await pool().query(`UPDATE noetl.iteration SET next_attempt_at = now() WHERE execution_id = $1`, [executionId])
    await pool().query(`UPDATE noetl.execution SET status = 'PAUSED' WHERE execution_id = $1`, [executionId])
    expect(await claim(executionId)).toBeNull()
    await pool().query(`UPDATE noetl.execution SET status = 'RUNNING' WHERE execution_id = $1`, [executionId])
    expect(await claim(executionId)).toMatchObject({ epoch: 1 })
  })

  test('is lost when its execution is cancelled', async () => {
    const executionId = await seedExecution(pool(), 1)
    await claim(executionId, 'w9')
    await pool().query(`UPDATE noetl.execution SET status = 'CANCELLED' WHERE execution_id = $1`, [executionId])
    expect((await renewLeases('w9', 10_000, [{ executionId, step: STEP, index: 0, epoch: 1 }])).lost).toHaveLength(1)
  })
})

describe('the event log', () => {
  test('is dense and in commit order under concurrent appends, with one notification a batch', async () => {
    const executionId = await seedExecution(pool(), 1)
    const listener = await pool().connect()
    const notified: (string | undefined)[] = []
    listener.on('notification', (message) => notified.push(message.payload))
    await listener.query('LISTEN noetl_event')
    await Promise.all(
      Array.from({ length: 20 }, () =>
        withTransaction((client) => appendEvents(client, executionId, [anEvent(), anEvent()])),
      ),
    )
    expect(await withTransaction((client) => appendEvents(client, executionId, []))).toBe(40)
    const { rows } = await pool().query<{ seq: number }>(
      'SELECT seq FROM noetl.event WHERE execution_id = $1 ORDER BY event_id',
      [executionId],
    )
    expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 40 }, (_, place) => place + 1))
    const heard = (): number => notified.filter((payload) => payload === executionId).length
    await expect.poll(heard, { timeout: 10_000 }).toBeGreaterThanOrEqual(20)
    await listener.query('SELECT 1')
    listener.release(true)
    expect(heard()).toBe(20)
  })

  test('refuses UPDATE, DELETE and TRUNCATE, and gives up only a whole execution that has ended', async () => {
    const executionId = await seedExecution(pool(), 1)
    await withTransaction((client) => appendEvents(client, executionId, [anEvent()]))
    for (const sql of ['UPDATE noetl.event SET seq = seq', 'DELETE FROM noetl.event', 'TRUNCATE noetl.event']) {
      await expect(pool().query(sql)).rejects.toThrow('append-only')
    }
    const remove = 'SELECT noetl.remove_execution($1, 100) AS removed'
    await expect(pool().query(remove, [executionId])).rejects.toThrow('can not be removed while it runs')
    await pool().query(`UPDATE noetl.execution SET status = 'COMPLETED' WHERE execution_id = $1`, [executionId])
    const { rows } = await pool().query(remove, [executionId])
    expect(rows).toEqual([{ removed: true }])
  })

  test('takes an event whose facts are too many by leaving out the largest and saying so', async () => {
    const executionId = await seedExecution(pool(), 1)
    await withTransaction((client) =>
      appendEvents(client, executionId, [anEvent({ context: { big: 'x'.repeat(70_000), small: 1 } })]),
    )
    const { rows } = await pool().query('SELECT context FROM noetl.event WHERE execution_id = $1', [executionId])
    expect(rows).toEqual([{ context: { small: 1, omitted_because_too_large: { big: '70002 bytes' } } }])
  })

  test('refuses events of an execution that is not there', async () => {
    await expect(appendEvents(pool(), '999999999', [anEvent()])).rejects.toThrow('there is no execution 999999999')
  })
})
