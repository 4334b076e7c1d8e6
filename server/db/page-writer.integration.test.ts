import { performance } from 'node:perf_hooks'
import { afterEach, describe, expect, test } from 'vitest'
import { claimIteration } from './claim-iteration'
import { createPageWriter, type PageWriter } from './page-writer'
import { pool } from './pool'
import { createCommitLine } from '../executions/commit-line'
import { createTestDatabase } from './testing/create-test-database'
import { aCommit, anEvent, seedExecution, STEP } from './testing/seed-execution'

await createTestDatabase()

const writers: PageWriter[] = []
const writer = (maxUnwritten = 64): PageWriter => {
  const made = createPageWriter({ pool: pool(), maxUnwritten })
  writers.push(made)
  return made
}
afterEach(async () => {
  await Promise.all(writers.splice(0).map((made) => made.close()))
})

const claim = async (executionId: string, index = 0, leaseMs = 60_000) => {
  const claimed = await claimIteration({ executionId, step: STEP, index, workerId: 'w1', leaseMs })
  if (claimed === null) throw new Error('not claimed')
  return claimed
}

const rowOf = async (sql: string, values: unknown[]): Promise<Record<string, unknown>> =>
  (await pool().query<Record<string, unknown>>(sql, values)).rows[0] ?? {}

const seqsOf = async (executionId: string): Promise<number[]> => {
  const found = await pool().query<{ seq: number }>(
    'SELECT seq FROM noetl.event WHERE execution_id = $1 ORDER BY event_id',
    [executionId],
  )
  return found.rows.map((row) => row.seq)
}

const anEnd = (executionId: string) => ({
  executionId,
  step: STEP,
  index: 0,
  status: 'COMPLETED' as const,
  stopReason: 'has_more_false',
  warnings: [],
  error: null,
  events: [],
  next: null,
})

const upTo = (last: number): number[] => Array.from({ length: last }, (_, place) => place + 1)

describe('the page writer', () => {
  test('stores page, event, checkpoint and every counter together', async () => {
    const executionId = await seedExecution(pool(), 1)
    const { epoch } = await claim(executionId)
    const result = await writer().write(aCommit({ executionId, index: 0, epoch }))
    expect(result).toBe('written')
    const row = await rowOf(
      `SELECT i.checkpoint, i.pages, i.items, i.idle_starts, s.pages AS step_pages, s.items AS step_items,
         e.pages AS all_pages, e.items AS all_items, e.last_seq,
         (SELECT body::text FROM noetl.page p WHERE p.execution_id = e.execution_id) AS body
       FROM noetl.iteration i JOIN noetl.step s USING (execution_id, step) JOIN noetl.execution e USING (execution_id)
       WHERE execution_id = $1`,
      [executionId],
    )
    expect(row).toEqual({
      checkpoint: { page: 1 },
      pages: 1,
      items: 2,
      idle_starts: 0,
      step_pages: 1,
      step_items: '2',
      all_pages: 1,
      all_items: '2',
      last_seq: 1,
      body: '{"data":[1,2]}',
    })
    expect(await seqsOf(executionId)).toEqual([1])
  })

  test('numbers events densely, in the order of their ids, under 8 concurrent writers', async () => {
    const executionId = await seedExecution(pool(), 8)
    const claims = await Promise.all(upTo(8).map((number) => claim(executionId, number - 1)))
    await Promise.all(
      claims.map(async ({ epoch }, index) => {
        const made = writer()
        await Promise.all(upTo(40).map((page) => made.write(aCommit({ executionId, index, epoch }, { page }))))
      }),
    )
    expect(await seqsOf(executionId)).toEqual(upTo(320))
    expect(await rowOf('SELECT last_seq, pages FROM noetl.execution WHERE execution_id = $1', [executionId])).toEqual({
      last_seq: 320,
      pages: 320,
    })
  })

  test('refuses a writer whose iteration was claimed anew, and writes nothing of it', async () => {
    const executionId = await seedExecution(pool(), 1)
    const old = await claim(executionId, 0, -1)
    await claim(executionId)
    const commit = { ...aCommit({ executionId, index: 0, epoch: old.epoch }), checkpoint: { page: 99 } }
    expect(await writer().write(commit)).toBe('fenced')
    expect(await seqsOf(executionId)).toEqual([])
    expect(await rowOf('SELECT checkpoint, pages FROM noetl.iteration WHERE execution_id = $1', [executionId])).toEqual(
      {
        checkpoint: null,
        pages: 0,
      },
    )
    expect(await rowOf('SELECT count(*)::int AS count FROM noetl.page WHERE execution_id = $1', [executionId])).toEqual(
      {
        count: 0,
      },
    )
  })

  test('saves nothing once the execution was cancelled', async () => {
    const executionId = await seedExecution(pool(), 1)
    const { epoch } = await claim(executionId)
    await pool().query(`UPDATE noetl.execution SET status = 'CANCELLED' WHERE execution_id = $1`, [executionId])
    expect(await writer().write(aCommit({ executionId, index: 0, epoch }))).toBe('fenced')
    expect(await seqsOf(executionId)).toEqual([])
  })

  test('stores a page once, and counts and reports it once, also within one round', async () => {
    const executionId = await seedExecution(pool(), 1)
    const { epoch } = await claim(executionId)
    const commit = aCommit({ executionId, index: 0, epoch })
    const first = writer()
    const results = await Promise.all([first.write(commit), first.write(commit)])
    results.push(await first.write(commit))
    expect(results).toEqual(['written', 'written', 'written'])
    expect(await seqsOf(executionId)).toEqual([1])
    expect(await rowOf('SELECT pages, items FROM noetl.execution WHERE execution_id = $1', [executionId])).toEqual({
      pages: 1,
      items: '2',
    })
  })

  test('lets an entry that the database refuses fail alone', async () => {
    const executionId = await seedExecution(pool(), 3)
    const claims = await Promise.all([0, 1, 2].map((index) => claim(executionId, index)))
    const made = writer()
    const results = await Promise.allSettled(
      claims.map(({ epoch }, index) =>
        made.write(aCommit({ executionId, index, epoch }, index === 1 ? { bytes: 2 ** 40 } : {})),
      ),
    )
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await seqsOf(executionId)).toEqual([1, 2])
  })

  test('keeps NUL, lone surrogates and big numbers of a body letter by letter, and of an event as visible text', async () => {
    const executionId = await seedExecution(pool(), 1)
    const { epoch } = await claim(executionId)
    const body =
      '{"id":12345678901234567890.10,"nul":"a\\u0000b","half":"\\ud83d","a":1,"a":2,"raw":"\ud83d!","ok":"😀"}'
    const commit = aCommit({ executionId, index: 0, epoch }, { body, request: { url: 'a\0b\ud83d' } })
    const events = [anEvent({ context: { message: 'a\0b \ud83d \\u0000 😀' } })]
    expect(await writer().write({ ...commit, events, checkpoint: { token: '\0' } })).toBe('written')
    const row = await rowOf(
      `SELECT p.body::text, p.request, v.context FROM noetl.page p JOIN noetl.event v USING (execution_id) WHERE execution_id = $1`,
      [executionId],
    )
    expect(row['body']).toBe(body.replace('\ud83d!', '\\ud83d!'))
    expect(row['context']).toEqual({ message: 'a\\u0000b \\ud83d \\u0000 😀' })
    expect(row['request']).toEqual({ url: 'a\\u0000b\\ud83d' })
  })

  test('keeps a body that the json of the database would refuse, letter by letter', async () => {
    const executionId = await seedExecution(pool(), 1)
    const { epoch } = await claim(executionId)
    const body = `${'['.repeat(40_000)}${']'.repeat(40_000)}`
    expect(await writer().write(aCommit({ executionId, index: 0, epoch }, { body }))).toBe('written')
    expect((await rowOf('SELECT body FROM noetl.page WHERE execution_id = $1', [executionId]))['body']).toBe(body)
  })

  test('ends an iteration in the round of its last page, and keeps the checkpoint of the last', async () => {
    const executionId = await seedExecution(pool(), 1)
    const { epoch, claimToken } = await claim(executionId)
    const made = writer()
    const pages = upTo(3).map((page) => ({
      ...aCommit({ executionId, index: 0, epoch }, { page }),
      checkpoint: { page },
    }))
    const writes = pages.map(async (commit) => made.write(commit))
    const end = await made.settle({ ...anEnd(executionId), claimToken })
    expect(end.settled).toBe(true)
    expect(await Promise.all(writes)).toEqual(['written', 'written', 'written'])
    const row = await rowOf(
      `SELECT i.status, i.pages, i.checkpoint, (SELECT count(DISTINCT xmin::text)::int FROM noetl.page p WHERE p.execution_id = $1) AS rounds
       FROM noetl.iteration i WHERE execution_id = $1`,
      [executionId],
    )
    expect(row).toEqual({ status: 'COMPLETED', pages: 3, checkpoint: { page: 3 }, rounds: 1 })
  })

  test('does not end an iteration of which a page was refused', async () => {
    const executionId = await seedExecution(pool(), 1)
    const { epoch, claimToken } = await claim(executionId)
    const made = writer()
    const line = createCommitLine(made)
    line.write(aCommit({ executionId, index: 0, epoch }, { page: 1 }))
    line.write(aCommit({ executionId, index: 0, epoch }, { page: 2, bytes: 2 ** 40 }))
    const end = await made.settle({ ...anEnd(executionId), claimToken, broken: line.broken })
    expect(end.settled).toBe(false)
    await expect(line.settled()).rejects.toThrow('out of range')
    expect(await rowOf('SELECT status, pages FROM noetl.iteration WHERE execution_id = $1', [executionId])).toEqual({
      status: 'RUNNING',
      pages: 1,
    })
  })

  test('gives the lease back while an iteration waits', async () => {
    const executionId = await seedExecution(pool(), 1)
    const { epoch } = await claim(executionId)
    const nextAttemptAt = new Date(Date.now() + 60_000)
    await writer().write({ ...aCommit({ executionId, index: 0, epoch }), status: 'WAITING', nextAttemptAt })
    const row = await rowOf(
      'SELECT status, next_attempt_at, lease_until, worker_id FROM noetl.iteration WHERE execution_id = $1',
      [executionId],
    )
    expect(row).toEqual({ status: 'WAITING', next_attempt_at: nextAttemptAt, lease_until: null, worker_id: null })
  })

  test('has no room at its limit of unwritten pages, and tells when it has again', async () => {
    const executionId = await seedExecution(pool(), 1)
    const { epoch } = await claim(executionId)
    const made = writer(2)
    const writes = [1, 2].map((page) => made.write(aCommit({ executionId, index: 0, epoch }, { page })))
    expect(made.hasRoom()).toBe(false)
    await made.whenRoom()
    expect(made.hasRoom()).toBe(true)
    await Promise.all(writes)
  })

  test('writes 2,000 pages of 26 kB from 50 elements in few rounds, and tells its rate', async () => {
    const items = upTo(100).map((id) => ({ id, name: `item ${id}`, text: 'lorem "ipsum" dolor sit amet '.repeat(7) }))
    const body = JSON.stringify({ data: items })
    const executionId = await seedExecution(pool(), 50)
    const claims = await Promise.all(upTo(50).map((number) => claim(executionId, number - 1)))
    const made = writer()
    const started = performance.now()
    await Promise.all(
      claims.map(async ({ epoch }, index) => {
        for (const page of upTo(40)) {
          await made.whenRoom()
          await made.write(aCommit({ executionId, index, epoch }, { page, body, bytes: body.length, itemCount: 100 }))
        }
      }),
    )
    const rate = 2_000 / ((performance.now() - started) / 1_000)
    console.info(`page writer: ${Math.round(rate)} pages/s of ${body.length} bytes`)
    // How many pages go together is the writer's doing; how long a round takes is the machine's.
    expect(
      await rowOf(
        'SELECT count(*)::int AS pages, count(DISTINCT xmin::text)::int < 1000 AS few FROM noetl.page WHERE execution_id = $1',
        [executionId],
      ),
    ).toEqual({ pages: 2_000, few: true })
  }, 180_000)
})
