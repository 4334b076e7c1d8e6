import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { emptyView } from '@/domain/execution/view'
import { applyEvents } from '@/domain/execution/view-fold'
import { pool } from '@/server/db/pool'
import { setVariables } from '@/server/env'
import { cancelExecution } from '@/server/executions/cancel-execution'
import { pauseExecution } from '@/server/executions/pause-execution'
import { startExecution } from '@/server/executions/start-execution'
import { listen } from '@/server/http/testing/connector'
import { registerPlaybook } from '@/server/playbooks/register-playbook'
import { eventsOf, startEngine, statusOf, stepRow, storyOf } from './testing/start-engine'

vi.setConfig({ testTimeout: 120_000 })

await startEngine('postgresql')
setVariables({ PAGETURNER_ALLOW_HOSTS: 'localhost:*,127.0.0.1:*' })

/** Answers pages at once, but under /held when it is told to and under /hang never, and notes what was given up. */
const asked = { pages: 0, open: 0, abandoned: 0 }
const held: (() => void)[] = []
const { origin, close } = await listen(
  createServer((request, response) => {
    if (request.url?.startsWith('/hang')) {
      asked.open += 1
      response.on('close', () => (asked.abandoned += 1))
      return
    }
    const status = /^\/held\/(\d+)/.exec(request.url ?? '')?.[1]
    if (status !== undefined) {
      held.push(() => response.writeHead(Number(status), { 'content-type': 'application/json' }).end('{"data":[1]}'))
      return
    }
    asked.pages += 1
    response.writeHead(200, { 'content-type': 'application/json' }).end(`{"data":[${asked.pages}],"more":true}`)
  }),
  'http',
)
afterAll(close)

beforeAll(() =>
  registerPlaybook(playbook('tests/hanging-child', `  - { step: start, tool: http, url: "${origin}/hang" }`)),
)

/** What a busy machine takes to begin something, it takes to end it as well, and more: a second is for one that is not. */
const soonAfter = (beganMs: number): number => 1_000 + 3 * beganMs

it('aborts requests in flight within a second, and cancels what runs, waits and has not begun', async () => {
  const asking = Date.now()
  const id = await start(
    `  - step: start
    tool: http
    url: "${origin}/hang/{{ n }}"
    loop: { collection: [0, 1, 2, 3, 4, 5], element: n, mode: async, concurrency: 2 }`,
  )
  await vi.waitFor(() => expect(asked.open).toBe(2), 20_000)
  const from = Date.now()
  const began = from - asking
  await cancelExecution(id)
  await vi.waitFor(() => expect(asked.abandoned).toBe(2), { timeout: 20_000, interval: 10 })
  expect(Date.now() - from).toBeLessThan(soonAfter(began))
  expect(await statusOf(id)).toBe('CANCELLED')
  expect(await stepRow(id, 'start')).toMatchObject({ status: 'CANCELLED', completed: 0, failed: 0 })
  expect(await iterationStatuses(id)).toEqual(Array.from({ length: 6 }, () => 'CANCELLED'))
  const last = (await eventsOf(id)).at(-1)
  expect(last).toMatchObject({
    event_type: 'playbook_cancelled',
    status: 'CANCELLED',
    context: { cancelled: 6, stats: { elements: 6 } },
  })
})

it('saves nothing after the event, however fast pages come', async () => {
  const id = await start(
    `  - step: start
    tool: http
    url: "${origin}/pages/{{ n }}"
    paginate: { type: page, items: data, stop: { has_more_path: more, max_pages: 100000 } }
    loop: { collection: [0, 1, 2, 3], element: n, mode: async, concurrency: 4 }`,
  )
  await vi.waitFor(async () => expect(Number((await stepRow(id, 'start'))?.pages)).toBeGreaterThan(40), 20_000)
  await cancelExecution(id)
  const after = await savedBy(id)
  const askedInHalfASecond = async (): Promise<number> => {
    const { pages } = asked
    await new Promise((resolve) => setTimeout(resolve, 500))
    return asked.pages - pages
  }
  await expect.poll(askedInHalfASecond, { timeout: 20_000 }).toBe(0)
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  expect(await savedBy(id)).toEqual(after)
  expect((await eventsOf(id)).at(-1)?.event_type).toBe('playbook_cancelled')
})

it('takes back the rows of a sink that was at work', async () => {
  const id = await start(
    `  - step: start
    tool: http
    url: "${origin}/pages"
    sink:
      tool: postgres
      statement: |
        CREATE SCHEMA IF NOT EXISTS cancelled;
        CREATE TABLE IF NOT EXISTS cancelled.kept (n int);
        INSERT INTO cancelled.kept VALUES (1);
        SELECT pg_sleep(5)`,
  )
  await vi.waitFor(async () => expect(await sleepers()).toBe(1), 20_000)
  await cancelExecution(id)
  await vi.waitFor(async () => expect(await sleepers()).toBe(0), 20_000)
  await new Promise((resolve) => setTimeout(resolve, 200))
  const { rows } = await pool().query(`SELECT to_regclass('cancelled.kept') AS kept`)
  expect(rows).toEqual([{ kept: null }])
  expect((await eventsOf(id)).at(-1)?.event_type).toBe('playbook_cancelled')
})

it('interrupts a statement that runs, and a sink, within a second', async () => {
  const sleep = 'SELECT pg_sleep(30)'
  for (const workflow of [
    `  - { step: start, tool: postgres, statement: "${sleep}" }`,
    `  - { step: start, tool: http, url: "${origin}/pages", sink: { tool: postgres, statement: "SELECT 1; ${sleep}; ${sleep}" } }`,
  ]) {
    const asking = Date.now()
    const id = await start(workflow)
    await vi.waitFor(async () => expect(await sleepers()).toBe(1), { timeout: 20_000, interval: 10 })
    const from = Date.now()
    const began = from - asking
    await cancelExecution(id)
    await vi.waitFor(async () => expect(await sleepers()).toBe(0), { timeout: 20_000, interval: 10 })
    expect(Date.now() - from).toBeLessThan(soonAfter(began))
    expect(await iterationStatuses(id)).toEqual(['CANCELLED'])
    expect((await eventsOf(id)).at(-1)?.event_type).toBe('playbook_cancelled')
  }
})

it('cancels the executions that run for it, and names the one they were cancelled with', async () => {
  const id = await start(`  - { step: start, tool: playbook, path: tests/hanging-child }`)
  const child = await vi.waitFor(async () => {
    const { rows } = await pool().query<{ execution_id: string }>(
      `SELECT execution_id FROM noetl.execution WHERE parent_execution_id = $1 AND status = 'RUNNING'`,
      [id],
    )
    expect(rows).toHaveLength(1)
    return rows[0]?.execution_id ?? ''
  }, 20_000)
  await cancelExecution(id)
  expect(await statusOf(child)).toBe('CANCELLED')
  expect((await eventsOf(child)).at(-1)).toMatchObject({
    event_type: 'playbook_cancelled',
    context: { cancelled_with: id },
  })
  expect(await iterationStatuses(id)).toEqual(['CANCELLED'])
})

it('lets a parent know at once that its child was cancelled', async () => {
  const asking = Date.now()
  const id = await start(`  - { step: start, tool: playbook, path: tests/hanging-child }`)
  const child = await vi.waitFor(async () => {
    const { rows } = await pool().query<{ execution_id: string }>(
      `SELECT e.execution_id FROM noetl.execution e JOIN noetl.iteration i ON i.execution_id = e.parent_execution_id
       WHERE e.parent_execution_id = $1 AND e.status = 'RUNNING' AND i.status = 'WAITING'`,
      [id],
    )
    expect(rows).toHaveLength(1)
    return rows[0]?.execution_id ?? ''
  }, 20_000)
  const from = Date.now()
  const began = from - asking
  await cancelExecution(child)
  await vi.waitFor(async () => expect(await statusOf(id)).toBe('FAILED'), { timeout: 20_000, interval: 20 })
  expect(Date.now() - from).toBeLessThan(soonAfter(began) + 500)
})

it.each(['FAILED', 'COMPLETED'])(
  'shows the only element of a step as it ended while the run was paused: %s',
  async (ended) => {
    const id = await start(`  - { step: start, tool: http, url: "${origin}/held/${ended === 'FAILED' ? 404 : 200}" }`)
    await vi.waitFor(() => expect(held).toHaveLength(1), 20_000)
    await pauseExecution(id)
    held.splice(0).forEach((answer) => answer())
    await vi.waitFor(async () => expect(await iterationStatuses(id)).toEqual([ended]), 20_000)
    await cancelExecution(id)
    const view = applyEvents(emptyView(id), await eventsOf(id))
    const { failed } = (await stepRow(id, 'start')) ?? {}
    expect(view).toMatchObject({ status: 'CANCELLED', stats: { failed } })
    expect(view.steps[0]).toMatchObject({ status: 'CANCELLED', elements: [{ status: ended }] })
    // As an element of a loop: the step itself did not come to its end.
    expect(await storyOf(id)).toContain(`iteration_${ended.toLowerCase()} start 0`)
  },
)

it('refuses what has ended, and what is not there', async () => {
  const id = await start(`  - { step: start, tool: postgres, statement: SELECT 1 }`)
  await vi.waitFor(async () => expect(await statusOf(id)).toBe('COMPLETED'), 20_000)
  await expect(cancelExecution(id)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('has ended already (completed)'),
  })
  await expect(cancelExecution('999999')).rejects.toMatchObject({ code: 'not_found' })
})

async function start(workflow: string): Promise<string> {
  return (await startExecution({ content: playbook('tests/cancel', workflow), trigger: { type: 'test' } })).executionId
}

async function iterationStatuses(id: string): Promise<string[]> {
  const { rows } = await pool().query<{ status: string }>(
    'SELECT status FROM noetl.iteration WHERE execution_id = $1 ORDER BY iteration_index',
    [id],
  )
  return rows.map(({ status }) => status)
}

async function savedBy(id: string): Promise<unknown> {
  const { rows } = await pool().query(
    `SELECT (SELECT count(*) FROM noetl.page WHERE execution_id = $1) AS pages,
       (SELECT count(*) FROM noetl.event WHERE execution_id = $1) AS events, last_seq, pages AS counted
     FROM noetl.execution WHERE execution_id = $1`,
    [id],
  )
  return rows[0]
}

/** Sinks of this database that sleep. */
async function sleepers(): Promise<number> {
  const { rows } = await pool().query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event = 'PgSleep'`,
  )
  return rows[0]?.n ?? 0
}

const playbook = (path: string, workflow: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: test, path: ${path} }
workflow:
${workflow}
`
