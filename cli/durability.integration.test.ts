import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'

import type { ExecutionEvent } from '@/domain/execution/events'
import { startSampleApi, type SampleApi } from '@/server/sample-api/sample-api'
import { type App, type AppPlace, makeAppPlace, removeAppPlace, startApp } from './checks/start-app'
import { followEvents } from './target/follow-events'

const PLAYBOOK = 'tests/pagination/loop_with_pagination/loop_with_pagination'
/** Long enough to hit a page while it is on its way. */
const PAGE_MS = 700

/** Outside the system under test, so that its log of requests outlives every process that is killed. */
let api: SampleApi
let place: AppPlace
let app: App

beforeAll(async () => {
  api = await startSampleApi({ host: '127.0.0.1', port: 0 })
  place = {
    ...(await makeAppPlace()),
    variables: {
      PAGETURNER_SECRET_PAGINATED_API_URL: `http://127.0.0.1:${api.port}`,
      PAGETURNER_ALLOW_HOSTS: `127.0.0.1:${api.port}`,
    },
  }
  app = await startApp(place)
}, 300_000)

afterAll(async () => {
  await app?.stop()
  await api?.close()
  removeAppPlace(place)
}, 60_000)

test('an execution ends COMPLETED by itself when the worker is killed during page 2 of 4', async () => {
  const id = await runSlowly('worker')
  await pageOnItsWay('worker', 2)
  process.kill(pidOf('worker'), 'SIGKILL')
  await expectWhole(id, 'worker')
}, 120_000)

test('an execution ends COMPLETED, and a follower misses nothing, when the web process is killed', async () => {
  const id = await runSlowly('web')
  const followed = collect(followEvents({ server: app.url, id, after: 0, say: () => undefined }))
  await pageOnItsWay('web', 2)
  process.kill(pidOf('web'), 'SIGKILL')
  const events = await followed
  await expectWhole(id, 'web')
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
  expect(events.at(-1)?.event_type).toBe('playbook_completed')
}, 120_000)

test('an execution ends COMPLETED when the supervisor is killed and everything is started again', async () => {
  const id = await runSlowly('supervisor')
  await pageOnItsWay('supervisor', 2)
  await app.kill()
  app = await startApp(place)
  await expectWhole(id, 'supervisor')
}, 180_000)

/** Starts the playbook on pages that take their time; `mark` makes its requests recognisable in the log. */
async function runSlowly(mark: string): Promise<string> {
  const slow = (name: string, page_size: number) => ({
    name,
    path: `/api/v1/${name}?delay_ms=${PAGE_MS}&mark=${mark}`,
    page_size,
  })
  const answer = await fetch(`${app.url}/api/run/playbook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ path: PLAYBOOK, workload: { endpoints: [slow('assessments', 10), slow('users', 15)] } }),
  })
  const { execution_id } = z.object({ execution_id: z.string() }).parse(await answer.json())
  return execution_id
}

function requestsOf(mark: string): URL[] {
  return api
    .requests()
    .map(({ url }) => new URL(url, 'http://sample'))
    .filter((url) => url.searchParams.get('mark') === mark)
}

/** Resolves in the middle of a page: it was asked for, the one before is on record, its answer is still to come. */
async function pageOnItsWay(mark: string, page: number): Promise<void> {
  const isOnItsWay = (): boolean => requestsOf(mark).some((url) => url.searchParams.get('page') === String(page))
  for (let waited = 0; !isOnItsWay(); waited += 20) {
    if (waited > 30_000) throw new Error(`page ${page} was not asked for; requests: ${requestsOf(mark).join(' ')}`)
    await sleep(20)
  }
  // The request of a page leaves while the page before it is committed.
  await sleep(PAGE_MS / 2)
}

function pidOf(name: string): number {
  const list = z.record(z.string(), z.object({ pid: z.number() }))
  const entry = list.parse(JSON.parse(readFileSync(path.join(place.dataDir, 'processes.json'), 'utf8')))[name]
  if (entry === undefined) throw new Error(`${name} does not run`)
  return entry.pid
}

/** COMPLETED, dense seq, every page once, at most one asked for again. */
async function expectWhole(id: string, mark: string): Promise<void> {
  const { status, stats, expectations } = await ended(id)
  expect(status).toBe('COMPLETED')
  expect(stats).toMatchObject({ pages: 7, items: 70 })
  expect(expectations.filter((expectation) => !expectation.passed)).toEqual([])

  const events = await collect(followEvents({ server: app.url, id, after: 0, say: () => undefined }))
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
  const pages = events.filter(({ event_type }) => event_type === 'page_fetched')
  const names = pages.map(({ iteration_index, page }) => `${iteration_index}/${page}`)
  expect(names).toEqual(['0/1', '0/2', '0/3', '0/4', '1/1', '1/2', '1/3'])

  const urls = requestsOf(mark).map(String)
  expect(new Set(urls).size).toBe(7)
  expect(urls.length).toBeLessThanOrEqual(8)
}

const executionSchema = z.object({
  status: z.string(),
  stats: z.object({ pages: z.number(), items: z.number() }),
  expectations: z.array(z.object({ name: z.string(), passed: z.boolean() })),
})

async function ended(id: string): Promise<z.infer<typeof executionSchema>> {
  for (let waited = 0; ; waited += 200) {
    const answer = await fetch(`${app.url}/api/executions/${id}`).catch(() => null)
    const execution = answer?.ok ? executionSchema.parse(await answer.json()) : null
    if (execution !== null && !['PENDING', 'RUNNING'].includes(execution.status)) return execution
    if (waited > 60_000) throw new Error(`execution ${id} did not end: ${JSON.stringify(execution)}\n${app.output()}`)
    await sleep(200)
  }
}

async function collect(source: AsyncIterable<ExecutionEvent>): Promise<ExecutionEvent[]> {
  const events: ExecutionEvent[] = []
  for await (const event of source) events.push(event)
  return events
}
