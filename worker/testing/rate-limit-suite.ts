import { describe, expect, it, vi } from 'vitest'
import { pool } from '@/server/db/pool'
import { setVariables } from '@/server/env'
import { startExecution } from '@/server/executions/start-execution'
import { forkWorker } from './fork-worker'
import { startPacedApi } from './paced-api'
import { eventsOf, startEngine, statusOf, stepRow, untilEnded } from './start-engine'

/** A request may come this much later than it was let go: the machine is busy with both workers. */
const LATE_MS = 400
/** Now and then one comes later still, which says nothing of the budget; one that is not kept to is so each time. */
const TRIES = 4

/** What must be true of `rate_limit`, with two worker processes, on either queue. Call it at the top of a test file. */
export async function rateLimitSuite(queue: 'postgresql' | 'redis'): Promise<void> {
  vi.setConfig({ testTimeout: 180_000 })
  await startEngine(queue, { worker: false })
  const api = await startPacedApi()
  setVariables({ PAGETURNER_ALLOW_HOSTS: 'localhost:*' })

  const playbook = (limit: string, list: string[]): string => `
apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: paced, path: tests/paced }
workload: { list: ${JSON.stringify(list)} }
workflow:
  - step: start
    next: [{ step: fetch }]
  - step: fetch
    tool: http
    url: "${api.origin}/{{ name }}"
    rate_limit: ${limit}
    loop: { collection: "{{ workload.list }}", element: name, mode: async, concurrency: 10 }
    paginate: { type: page, items: data, stop: { has_more_path: more } }
`
  const start = async (content: string): Promise<string> =>
    (await startExecution({ content, trigger: { type: 'test' } })).executionId

  /** The most requests that came in any time of this length. */
  const densest = (perMs: number): number =>
    Math.max(...api.times.map((from) => api.times.filter((at) => at >= from && at < from + perMs).length))

  /** What was asked before, up to a moment ago, counts neither here nor for the budget. */
  async function forget(): Promise<void> {
    api.times.length = 0
    await pool().query('TRUNCATE noetl.rate_budget')
  }

  describe(`with the queue in ${queue}`, () => {
    // The budget is in PostgreSQL whatever the queue is; the queue only wakes who waits.
    const itsOwn = it.skipIf(queue === 'redis')

    itsOwn('is one budget for all elements and all workers', async () => {
      const workers = await Promise.all([forkWorker(), forkWorker()])
      const seen = { most: Infinity, ms: Infinity }
      for (let n = 0; n < TRIES && (seen.most > 5 || seen.ms >= 9_000); n += 1) {
        await forget()
        const ids = await Promise.all([
          start(playbook('{ requests: 5, per: 1 }', ['a', 'b', 'c', 'd'])),
          start(playbook('{ requests: 5, per: 1 }', ['e', 'f'])),
        ])
        for (const id of ids) await untilEnded(id)
        expect(await Promise.all(ids.map(statusOf))).toEqual(['COMPLETED', 'COMPLETED'])
        expect(api.times).toHaveLength(24)
        seen.most = Math.min(seen.most, densest(1_000 - LATE_MS))
        seen.ms = Math.min(seen.ms, Math.max(...api.times) - Math.min(...api.times))
      }
      await Promise.all(workers.map(async (worker) => worker.terminate()))
      expect(seen.most).toBeLessThanOrEqual(5)
      expect(seen.ms).toBeLessThan(9_000)
    })

    it('frees the slot of the worker for a long wait, says until when, and calls it no failed try', async () => {
      await forget()
      const worker = await forkWorker()
      const id = await start(playbook('{ requests: 2, per: 5 }', ['long']))
      await vi.waitFor(
        async () => {
          const { rows } = await pool().query<{ wait: number }>(
            `SELECT round(extract(epoch FROM next_attempt_at - clock_timestamp()) * 1000)::int AS wait FROM noetl.iteration
             WHERE execution_id = $1 AND status = 'WAITING' AND lease_until IS NULL`,
            [id],
          )
          expect(rows[0]?.wait).toBeGreaterThan(0)
          expect(rows[0]?.wait).toBeLessThan(5_600)
        },
        { timeout: 30_000, interval: 20 },
      )
      await untilEnded(id)
      await worker.terminate()

      expect(await stepRow(id, 'fetch')).toMatchObject({ status: 'COMPLETED', pages: 4 })
      expect(densest(2_500)).toBe(2)
      const events = await eventsOf(id)
      expect(events.filter(({ event_type }) => event_type === 'page_retry')).toEqual([])
      const waits = events
        .filter(({ event_type }) => event_type === 'page_fetched')
        .map(({ context }) => context['waited_ms'])
      expect(events.filter(({ context }) => 'next_at' in context).map(({ page }) => page)).toEqual([2])
      expect(waits.map((wait) => typeof wait === 'number' && wait > 1_000)).toEqual([false, false, true, false])
    })

    it('waits until the reset when the API says that nothing is left', async () => {
      api.times.length = 0
      api.exhaustAfter = 3
      const worker = await forkWorker()
      const id = await start(playbook('{ requests: 100, per: 1 }', ['p', 'q']))
      await untilEnded(id)
      await worker.terminate()
      expect(await stepRow(id, 'fetch')).toMatchObject({ status: 'COMPLETED', completed: 2, pages: 8 })
      const third = api.times[2] ?? 0
      // One more may have been on its way when the answer came.
      const meanwhile = api.times.slice(3).filter((at) => at - third <= 1_900)
      expect(meanwhile.length).toBeLessThanOrEqual(1)
      expect(api.times).toHaveLength(8)
    })

    itsOwn(
      'fails an element whose limit resets later than max_wait, asks for nothing, and keeps its pages',
      async () => {
        await forget()
        api.exhaustAfter = 2
        api.resetSeconds = 7_200
        const worker = await forkWorker()
        const id = await start(playbook('{ requests: 100, per: 1 }', ['far']))
        await untilEnded(id)
        const again = await start(playbook('{ requests: 100, per: 1 }', ['far']))
        await untilEnded(again)
        await worker.terminate()
        expect(await stepRow(id, 'fetch')).toMatchObject({ status: 'FAILED', pages: 2 })
        expect(await stepRow(again, 'fetch')).toMatchObject({ status: 'FAILED', pages: 0 })
        expect(api.times).toHaveLength(2)
        const failed = (await eventsOf(id)).find(({ event_type }) => event_type === 'iteration_failed')
        expect(failed?.context).toMatchObject({ error: { kind: 'wait_too_long', page: 3 } })
      },
    )
  })
}
