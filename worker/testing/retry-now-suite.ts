import { createServer } from 'node:http'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { emptyView } from '@/domain/execution/view'
import { applyEvents } from '@/domain/execution/view-fold'
import { pool } from '@/server/db/pool'
import { setVariables } from '@/server/env'
import { cancelExecution } from '@/server/executions/cancel-execution'
import { pauseExecution } from '@/server/executions/pause-execution'
import { readLimitReset } from '@/server/executions/read-limit-reset'
import { retryExecution } from '@/server/executions/retry-execution'
import { retryNow } from '@/server/executions/retry-now'
import { startExecution } from '@/server/executions/start-execution'
import { sweep } from '@/server/executions/sweep'
import { listen } from '@/server/http/testing/connector'
import { forkWorker } from './fork-worker'
import { eventsOf, startEngine, statusOf, untilEnded } from './start-engine'

/** What must be true of an element that is not to wait any longer, on either queue. Call it at the top of a test file. */
export async function retryNowSuite(queue: 'postgresql' | 'redis'): Promise<void> {
  vi.setConfig({ testTimeout: 120_000 })
  await startEngine(queue, { worker: false })
  setVariables({ PAGETURNER_ALLOW_HOSTS: 'localhost:*,127.0.0.1:*', PAGETURNER_SECRET_NOW_KEY: 'k-0123456789' })

  /** Answers a name's first request with 429 and the seconds that are asked for, and its later ones well. */
  const api = { asked: [] as { name: string; at: number }[], secondsAsked: 120 }
  const { origin, close } = await listen(
    createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://api')
      const name = url.pathname.slice(1)
      const isFirst = name !== 'sealed' && !api.asked.some((known) => known.name === name)
      api.asked.push({ name, at: Date.now() })
      response
        .writeHead(isFirst ? 429 : 200, { 'content-type': 'application/json', 'retry-after': String(api.secondsAsked) })
        .end(
          JSON.stringify({
            data: [{ id: name }],
            ...(name === 'sealed' && {
              next: `/sealed/2?k=${Buffer.from(url.searchParams.get('key') ?? '').toString('base64')}`,
            }),
          }),
        )
    }),
    'http',
  )
  afterAll(close)

  // Whoever asks is the web server: in the worker's own process a ticket would not take the way through the queue.
  const worker = await forkWorker()
  afterAll(async () => {
    await worker.terminate()
  })

  describe(`with the queue in ${queue}`, () => {
    // Planted: with the epoch of the claim before, the ticket has the id of the alarm and the queue swallows it; this fails.
    it('asks for the page of one element at once, one time, and lets the others wait', async () => {
      const id = await startWaiting(['a', 'b', 'c'])
      const from = Date.now()
      expect(await retryNow(id, { index: 1 })).toBe(1)
      await vi.waitFor(() => expect(requestsOf('b')).toHaveLength(2), { timeout: 30_000, interval: 5 })
      // Within a second on a machine with nothing else to do; the wait it cuts short is of two minutes.
      expect((requestsOf('b')[1]?.at ?? 0) - from).toBeLessThan(15_000)
      await vi.waitFor(async () => expect(await statusesOf(id)).toEqual(['WAITING', 'COMPLETED', 'WAITING']), {
        timeout: 20_000,
        interval: 20,
      })
      await expect(retryNow(id, { index: 1 })).rejects.toMatchObject({ code: 'conflict' })
      const view = applyEvents(emptyView(id), await logOf(id))
      expect(view.status).toBe('RUNNING')
      expect(await retryNow(id, {})).toBe(2)
      await untilEnded(id)
      expect(await statusOf(id)).toBe('COMPLETED')
      expect(['a', 'b', 'c'].map((name) => requestsOf(name).length)).toEqual([2, 2, 2])
    })

    it('never sends a request twice, however often and from wherever it is asked for', async () => {
      const names = Array.from({ length: 12 }, (_, n) => `n${n}`)
      const id = await startWaiting(names)
      const asking = Array.from({ length: 12 }, async (_, n) => [
        await retryNow(id, {}).catch(() => 0),
        await retryNow(id, { index: n }).catch(() => 0),
        await sweep(),
      ])
      await Promise.all(asking)
      await untilEnded(id)
      expect(await statusOf(id)).toBe('COMPLETED')
      expect(names.map((name) => requestsOf(name).length)).toEqual(names.map(() => 2))
    })

    it('says when the limit resets that a retry would meet', async () => {
      const id = await startWaiting(['limited'])
      const resets = await readLimitReset(id)
      const firstAt = requestsOf('limited')[0]?.at ?? 0
      expect(Math.abs(Date.parse(resets?.at ?? '') - firstAt - api.secondsAsked * 1000)).toBeLessThan(10_000)
      expect(resets?.because).toContain('429')
      await retryNow(id, {})
      await untilEnded(id)
    })

    // Planted: with the epoch it had, its ticket has the id of the alarm; the element stays PENDING, and nothing wakes it.
    it('wakes what was cancelled while it waited, and retried', async () => {
      const id = await startWaiting(['again'])
      // An alarm of less than a second is kept by the worker itself, and one just set may not be stored yet.
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      await cancelExecution(id)
      await vi.waitFor(async () => expect(await statusOf(id)).toBe('CANCELLED'), { timeout: 20_000, interval: 20 })
      await retryExecution(id, { scope: 'failed' })
      await vi.waitFor(async () => expect(await statusesOf(id)).toEqual(['WAITING']), { timeout: 40_000, interval: 20 })
      expect(await retryNow(id, {})).toBe(1)
      await untilEnded(id)
      expect(await statusOf(id)).toBe('COMPLETED')
      expect(requestsOf('again')).toHaveLength(2)
    })

    it('lets a statement that waits go on', async () => {
      await pool().query('CREATE SCHEMA IF NOT EXISTS now_test')
      const { executionId: id } = await startExecution({
        content:
          head('now-sql') +
          `  - step: start
    tool: postgres
    statement: "SELECT 1 / (SELECT count(*) FROM information_schema.schemata WHERE schema_name = 'now_ready')"
    retry: { on_error: { when: "{{ true }}", max_attempts: 3, initial_delay: 60 } }
`,
        trigger: { type: 'test' },
      })
      await vi.waitFor(async () => expect(await statusesOf(id)).toEqual(['WAITING']), { timeout: 20_000, interval: 20 })
      await pool().query('CREATE SCHEMA now_ready')
      await pool().query('GRANT USAGE ON SCHEMA now_ready TO PUBLIC')
      expect(await retryNow(id, {})).toBe(1)
      await untilEnded(id)
      expect(await statusOf(id)).toBe('COMPLETED')
    })

    it('wakes an element whose place is sealed, because the next address holds a secret', async () => {
      api.asked = []
      const { executionId: id } = await startExecution({
        content:
          head('now-sealed') +
          `  - step: start
    tool: http
    url: "${origin}/sealed"
    params: { key: "{{ secret.NOW_KEY }}" }
    paginate: { type: next_url, path: next, items: data }
    retry: { max_attempts: 3 }
`,
        trigger: { type: 'test' },
      })
      const sealed = async (): Promise<void> => {
        const { rows } = await pool().query(
          `SELECT checkpoint ? 'sealed' AS sealed FROM noetl.iteration WHERE execution_id = $1 AND status = 'WAITING'`,
          [id],
        )
        expect(rows).toEqual([{ sealed: true }])
      }
      await vi.waitFor(sealed, { timeout: 20_000, interval: 20 })
      expect(await retryNow(id, {})).toBe(1)
      await untilEnded(id)
      expect(await statusOf(id)).toBe('COMPLETED')
      expect(api.asked.map(({ name }) => name)).toEqual(['sealed', 'sealed/2', 'sealed/2'])
    })

    it('refuses what does not run', async () => {
      const id = await startWaiting(['held'])
      await pauseExecution(id)
      await expect(retryNow(id, {})).rejects.toMatchObject({ code: 'conflict', hint: 'Resume it first.' })
      await expect(retryNow('999999', {})).rejects.toMatchObject({ code: 'not_found' })
    })
  })

  /** A run whose elements were all asked for once and wait for two minutes. */
  async function startWaiting(names: string[]): Promise<string> {
    api.asked = []
    const { executionId: id } = await startExecution({
      content:
        head('now') +
        `  - step: start
    tool: http
    url: "${origin}/{{ name }}"
    loop: { collection: ${JSON.stringify(names)}, element: name, mode: async, concurrency: 20 }
    retry: { max_attempts: 3 }
`,
      trigger: { type: 'test' },
    })
    await vi.waitFor(async () => expect(await statusesOf(id)).toEqual(names.map(() => 'WAITING')), {
      timeout: 40_000,
      interval: 20,
    })
    return id
  }

  const requestsOf = (name: string) => api.asked.filter((known) => known.name === name)

  async function statusesOf(id: string): Promise<string[]> {
    const { rows } = await pool().query<{ status: string }>(
      'SELECT status FROM noetl.iteration WHERE execution_id = $1 ORDER BY iteration_index',
      [id],
    )
    return rows.map(({ status }) => status)
  }

  const logOf = async (id: string) =>
    (await eventsOf(id)).map((event) => ({ ...event, created_at: new Date(event.created_at).toISOString() }))

  const head = (name: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: test, path: tests/${name} }
workflow:
`
}
