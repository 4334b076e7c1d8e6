import { describe, expect, it, vi } from 'vitest'
import { pool } from '@/server/db/pool'
import { startExecution } from '@/server/executions/start-execution'
import { forkWorker } from './fork-worker'
import { eventsOf, startEngine, statusOf, untilEnded, type Engine } from './start-engine'

/** What must be true when workers die, on either queue. Call it at the top of a test file. */
export async function recoverySuite(queue: 'postgresql' | 'redis'): Promise<void> {
  vi.setConfig({ testTimeout: 180_000 })
  const engine = await startEngine(queue, { worker: false })

  describe(`with the queue in ${queue}`, () => {
    it('goes on within 15 s after kill -9, saves every page once and repeats at most the page in flight', async () => {
      const beganAt = Date.now()
      const first = await forkWorker()
      const executionId = await startSlowRun()
      await untilPages(executionId, 1)
      const firstPageMs = Date.now() - beganAt
      await untilPages(executionId, 2)
      await first.kill()
      const killedAt = Date.now()
      const before = await pagesOf(executionId)
      const second = await forkWorker()
      await untilPages(executionId, before.length + 1)
      // The lease, a sweep, and what a worker takes from its start to a page: on a busy machine that alone is much.
      expect(Date.now() - killedAt).toBeLessThan(Math.max(15_000, LEASE_MS + SWEEP_MS + 3 * firstPageMs))
      await untilEnded(executionId)
      await second.terminate()

      expect(await statusOf(executionId)).toBe('COMPLETED')
      expect(await pagesOf(executionId)).toEqual(PAGES)
      expect(requestsFor(engine, executionId)).toBeLessThanOrEqual(PAGES.length + 1)
      await expectDenseLog(executionId)
    })

    it('drains on SIGTERM within 10 s, and another worker goes on without asking for a page again', async () => {
      const first = await forkWorker()
      const executionId = await startSlowRun()
      await untilPages(executionId, 2)
      const { code, ms } = await first.terminate()
      expect(code).toBe(0)
      expect(ms).toBeLessThan(10_000)
      expect(await leasesHeld(executionId)).toBe(0)
      const second = await forkWorker()
      await untilEnded(executionId)
      await second.terminate()

      expect(await pagesOf(executionId)).toEqual(PAGES)
      expect(requestsFor(engine, executionId)).toBe(PAGES.length)
      await expectDenseLog(executionId)
    })

    it('ends by itself when its supervisor is gone', async () => {
      const worker = await forkWorker()
      const { code } = await worker.disconnect()
      expect(code).toBe(0)
      expect((await pool().query('SELECT 1 FROM noetl.worker WHERE pid = $1', [worker.pid])).rowCount).toBe(0)
    })

    it('gives up an element that ends every worker before a page is saved, and says so', async () => {
      const first = await forkWorker()
      const executionId = await startSlowRun()
      await untilPages(executionId, 1)
      await first.kill()
      await pool().query('UPDATE noetl.iteration SET idle_starts = 3, lease_until = NULL WHERE execution_id = $1', [
        executionId,
      ])
      const second = await forkWorker()
      await untilEnded(executionId)
      await second.terminate()
      const failed = (await eventsOf(executionId)).find(({ event_type }) => event_type === 'step_failed')
      expect(failed?.context).toMatchObject({ error: { kind: 'crash_loop' } })
    })

    it('picks up a run whose ticket was lost', async () => {
      const executionId = await startSlowRun()
      await loseTickets(queue)
      const worker = await forkWorker()
      await untilEnded(executionId)
      await worker.terminate()
      expect(await statusOf(executionId)).toBe('COMPLETED')
    })
  })
}

const PAGES = [1, 2, 3, 4, 5, 6, 7]
const LEASE_MS = 10_000
const SWEEP_MS = 2_000

async function startSlowRun(): Promise<string> {
  const { executionId } = await startExecution({ content: SLOW, trigger: { type: 'test' } })
  return executionId
}

async function untilPages(executionId: string, count: number): Promise<void> {
  const deadline = Date.now() + 60_000
  while ((await pagesOf(executionId)).length < count) {
    if (Date.now() > deadline) throw new Error(`There are not ${count} pages after 60 s.`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function pagesOf(executionId: string): Promise<number[]> {
  const { rows } = await pool().query<{ page: number }>(
    'SELECT page FROM noetl.page WHERE execution_id = $1 ORDER BY page',
    [executionId],
  )
  return rows.map(({ page }) => page)
}

async function leasesHeld(executionId: string): Promise<number | null> {
  return (
    await pool().query('SELECT FROM noetl.iteration WHERE execution_id = $1 AND lease_until IS NOT NULL', [executionId])
  ).rowCount
}

async function expectDenseLog(executionId: string): Promise<void> {
  const events = await eventsOf(executionId)
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1))
  const fetched = events.filter(({ event_type }) => event_type === 'page_fetched')
  expect(fetched.map(({ page }) => page)).toEqual(PAGES)
}

const requestsFor = (engine: Engine, executionId: string): number =>
  engine.api.requests().filter(({ url }) => url.includes(`run=${executionId}`)).length

async function loseTickets(queue: 'postgresql' | 'redis'): Promise<void> {
  if (queue === 'postgresql') {
    await pool().query('DELETE FROM bullmq.job')
    return
  }
  const { Redis } = await import('ioredis')
  const { env } = await import('@/server/env')
  const redis = new Redis(env.REDIS_URL ?? '')
  // Its own database: other test files have theirs in the same Redis.
  await redis.flushdb()
  redis.disconnect()
}

const SLOW = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: slow, path: tests/slow }
workload: { delay: 400 }
workflow:
  - step: start
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/assessments"
    params: { page: 1, pageSize: 5, delay_ms: "{{ workload.delay }}", run: "{{ execution_id }}" }
    retry:
      on_success:
        while: "{{ response.paging.hasMore }}"
        max_attempts: 20
        next_call: { params: { page: "{{ response.paging.page + 1 }}" } }
        collect: { path: data, strategy: append, into: pages }
`
