import type { Pool } from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import { claimIteration } from '../db/claim-iteration'
import type { PageCommit } from '../db/page-commit'
import { createPageWriter, type PageWriter } from '../db/page-writer'
import { pool } from '../db/pool'
import { createTestDatabase } from '../db/testing/create-test-database'
import { aCommit, seedExecution, STEP } from '../db/testing/seed-execution'
import { createCommitLine } from './commit-line'

await createTestDatabase()

let writer: PageWriter
afterEach(() => writer.close())

const claimed = async (): Promise<{ executionId: string; index: number; epoch: number }> => {
  const executionId = await seedExecution(pool(), 1)
  const claim = await claimIteration({ executionId, step: STEP, index: 0, workerId: 'w1', leaseMs: 10_000 })
  return { executionId, index: 0, epoch: claim?.epoch ?? 0 }
}

const stored = async (executionId: string): Promise<unknown> => {
  const { rows } = await pool().query(
    `SELECT pages, checkpoint, (SELECT count(*)::int FROM noetl.page p WHERE p.execution_id = i.execution_id) AS rows
     FROM noetl.iteration i WHERE execution_id = $1`,
    [executionId],
  )
  return rows[0]
}

/** The first round never comes to the server. */
function losesFirst(real: Pool): Pool {
  const lost = Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' })
  const send = real.query.bind(real) as (...parameters: unknown[]) => unknown
  let asked = 0
  const query = (...parameters: unknown[]): unknown => {
    if (++asked > 1) return send(...parameters)
    const done = parameters.at(-1) as (error: Error) => void
    return done(lost)
  }
  return new Proxy(real, { get: (target, name) => (name === 'query' ? query : Reflect.get(target, name)) })
}

describe('a commit that fails', () => {
  test('keeps those behind it from being written, which say in their checkpoints that its page is saved', async () => {
    const place = await claimed()
    writer = createPageWriter({ pool: losesFirst(pool()), maxBatch: 1 })
    const line = createCommitLine(writer)
    for (const page of [1, 2, 3]) line.write(aCommit(place, { page }))
    await expect(line.settled()).rejects.toThrow('Connection terminated')
    expect(line.broken.aborted).toBe(true)
    expect(await stored(place.executionId)).toEqual({ pages: 0, checkpoint: null, rows: 0 })
  })

  test('does so in its own round too, and harms no other claim', async () => {
    const [place, other] = [await claimed(), await claimed()]
    writer = createPageWriter({ pool: pool() })
    const line = createCommitLine(writer)
    const beside = createCommitLine(writer)
    const refused: PageCommit = aCommit(place, { page: 1, bytes: 2 ** 40 })
    line.write(refused)
    beside.write(aCommit(other, { page: 1 }))
    line.write(aCommit(place, { page: 2 }))
    beside.write(aCommit(other, { page: 2 }))
    await expect(line.settled()).rejects.toThrow('out of range')
    expect(await beside.settled()).toBe(true)
    expect(await stored(place.executionId)).toEqual({ pages: 0, checkpoint: null, rows: 0 })
    expect(await stored(other.executionId)).toEqual({ pages: 2, checkpoint: { page: 2 }, rows: 2 })
  })
})
