import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, it, vi } from 'vitest'
import { emptyView } from '@/domain/execution/view'
import { applyEvents } from '@/domain/execution/view-fold'
import type { HandingOver } from '@/server/db/hand-over'
import type { PageCommit } from '@/server/db/page-commit'
import type { PageWriter } from '@/server/db/page-writer'
import { playbookPool } from '@/server/db/playbook-pool'
import { pool } from '@/server/db/pool'
import { setVariables } from '@/server/env'
import { cancelExecution } from '@/server/executions/cancel-execution'
import { previewRetry } from '@/server/executions/preview-retry'
import { readExecution } from '@/server/executions/read-execution'
import { retryExecution } from '@/server/executions/retry-execution'
import { retryNow } from '@/server/executions/retry-now'
import type { Surroundings } from '@/server/executions/surroundings'
import { listen } from '@/server/http/testing/connector'
import { eventsOf, startEngine, statusOf, stepRow, untilEnded } from './testing/start-engine'

/** How much later than asked for each commit goes to the page writer, in the order they were given. */
const writing = vi.hoisted(() => ({ lateMs: 0 }))
vi.mock('@/server/executions/with-fault-points', () => ({
  withFaultPoints: ({ around, writer }: { around: Surroundings; writer: PageWriter }) => {
    let line: Promise<unknown> = Promise.resolve()
    const late = async <T>(write: () => Promise<T>): Promise<T> => {
      line = line.then(async () => sleep(writing.lateMs))
      await line
      return write()
    }
    return {
      around,
      writer: {
        ...writer,
        write: async (commit: PageCommit) => late(async () => writer.write(commit)),
        settle: async (settlement: HandingOver) => late(async () => writer.settle(settlement)),
      },
    }
  },
}))
const engine = await startEngine('postgresql')
setVariables({ PAGETURNER_ALLOW_HOSTS: 'localhost:*,127.0.0.1:*' })

/** Three pages by cursor: a → b → c; `say` overrides what a cursor answers, `fail` lists those that answer 500. */
const api = { asked: [] as string[], say: new Map<string, unknown>(), fail: new Map<string, number>() }
const { origin, close } = await listen(
  createServer((request, response) => {
    const cursor = new URL(request.url ?? '', 'http://api').searchParams.get('cursor') ?? 'a'
    api.asked.push(cursor)
    const failures = api.fail.get(cursor) ?? 0
    api.fail.set(cursor, failures - 1)
    const next = { a: 'b', b: 'c' }[cursor] ?? null
    const body = api.say.get(cursor) ?? { data: [{ id: `${cursor}-1` }, { id: `${cursor}-2` }], next }
    response.writeHead(failures > 0 ? 500 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }),
  'http',
)
afterAll(close)

it('fetches one saved page again in its place, and keeps the pages after it', async () => {
  const id = await engine.run(playbook())
  expect(await previewRetry(id, { scope: 'page', index: 0, page: 2 })).toMatchObject({
    elements: 1,
    at_least_requests: 1,
    pages_kept: 2,
  })
  for (const refused of [previewRetry, retryExecution]) {
    await expect(refused(id, { scope: 'page', index: 0, page: 9 })).rejects.toMatchObject({ code: 'not_found' })
  }
  answer({ b: { data: [{ id: 'b-new' }], next: 'c' } })
  await retry(id, 2)
  expect(api.asked).toEqual(['b'])
  expect(await idsOf(id)).toEqual(['a-1', 'a-2', 'b-new', 'c-1', 'c-2'])
  expect(await statusOf(id)).toBe('COMPLETED')
  expect(await stepRow(id, 'fetch')).toMatchObject({ completed: 1, failed: 0, pages: 3, items: 5 })
  expect(await readExecution(id)).toMatchObject({ stats: { pages: 3, items: 5, failed: 0 } })
  expect(await elementOf(id)).toMatchObject({ status: 'COMPLETED', stop_reason: 'no_next', warnings: [], items: 5 })
  const view = applyEvents(emptyView(id), await logOf(id))
  expect(view).toMatchObject({ status: 'COMPLETED', stats: { pages: 3, items: 5, completed: 1, running: 0 } })
  expect(view.steps.find(({ name }) => name === 'fetch')?.elements[0]).toMatchObject({ items: 5 })
})

it('says so when the page leads elsewhere now, and asks for nothing more', async () => {
  const id = await engine.run(playbook())
  answer({ b: { data: [{ id: 'b-1' }], next: 'z' } })
  await retry(id, 2)
  expect(api.asked).toEqual(['b'])
  const [warning] = (await elementOf(id)).warnings
  expect(warning).toMatchObject({ kind: 'next_changed', page: 2, message: expect.stringContaining('"z"') })
  answer({ c: { data: [{ id: 'c-1' }], next: 'd' } })
  await retry(id, 3)
  expect((await elementOf(id)).warnings).toMatchObject([
    { kind: 'next_changed', page: 2 },
    { kind: 'next_changed', page: 3, message: expect.stringContaining('says that more follows') },
  ])
  answer({})
  await retry(id, 2)
  expect((await elementOf(id)).warnings).toMatchObject([{ kind: 'next_changed', page: 3 }])
})

it('does so where the page writer is slower than the API, whose word that the element begins comes first', async () => {
  answer({})
  const id = await engine.run(playbook())
  writing.lateMs = 200
  answer({ b: { data: [{ id: 'b-1' }], next: 'z' } })
  await retry(id, 2)
  answer({ c: { data: [{ id: 'c-1' }], next: 'd' } })
  await retry(id, 3)
  writing.lateMs = 0
  expect(await elementOf(id)).toMatchObject({
    status: 'COMPLETED',
    warnings: [
      { kind: 'next_changed', page: 2 },
      { kind: 'next_changed', page: 3 },
    ],
  })
  const types = (await eventsOf(id)).map(({ event_type }) => event_type)
  expect(types.filter((type) => type === 'iteration_started' || type === 'page_fetched').slice(-4)).toEqual([
    'iteration_started',
    'page_fetched',
    'iteration_started',
    'page_fetched',
  ])
})

it('tries as often as the policy says, and keeps the saved page when none of the tries succeeds', async () => {
  const id = await engine.run(playbook())
  answer({ b: { data: [{ id: 'b-new' }], next: 'c' } }, { b: 1 })
  await retry(id, 2)
  expect(api.asked).toEqual(['b', 'b'])
  expect(await idsOf(id)).toContain('b-new')
  answer({ b: { data: [], next: 'c' } }, { b: 9 })
  await retry(id, 2)
  expect(api.asked).toEqual(['b', 'b'])
  expect(await idsOf(id)).toContain('b-new')
  expect(await statusOf(id)).toBe('COMPLETED')
  expect(await elementOf(id)).toMatchObject({
    status: 'COMPLETED',
    warnings: [{ kind: 'page_kept', message: expect.stringContaining('The saved one stays') }],
  })
  const { rows } = await pool().query('SELECT attempt FROM noetl.attempt WHERE execution_id = $1 ORDER BY attempt', [
    id,
  ])
  expect(rows).toEqual([{ attempt: 2 }, { attempt: 4 }, { attempt: 5 }])
})

it('leaves an element that failed elsewhere failed, and goes on at the page that failed', async () => {
  answer({}, { c: 9 })
  const id = await engine.run(playbook('retry: { max_attempts: 1 }'))
  expect(await statusOf(id)).toBe('FAILED')
  answer({ a: { data: [{ id: 'a-new' }], next: 'b' } }, { c: 9 })
  await retry(id, 1)
  expect(api.asked).toEqual(['a'])
  expect(await elementOf(id)).toMatchObject({ status: 'FAILED', error: { page: 3 } })
  expect(await stepRow(id, 'fetch')).toMatchObject({ completed: 0, failed: 1, pages: 2, items: 3 })
  answer({})
  await retry(id, 3)
  expect(api.asked).toEqual(['c'])
  expect(await statusOf(id)).toBe('COMPLETED')
  expect(await idsOf(id)).toEqual(['a-new', 'b-1', 'b-2', 'c-1', 'c-2'])
})

it('reads a page by the way that was found out, and one of several that were fetched at once', async () => {
  for (const paginate of [
    '{ type: auto }',
    '{ type: page, param: cursor, items: data, parallel: 3, stop: { total_items_path: total } }',
  ]) {
    const numbered = paginate.includes('parallel')
    const data = (name: string) => [{ id: `${name}-1` }, { id: `${name}-2` }]
    const pages = {
      '1': { data: data('a'), total: 6 },
      '2': { data: data('b'), total: 6 },
      '3': { data: data('c'), total: 6 },
    }
    answer(numbered ? pages : {})
    const id = await engine.run(playbook().replace('{ type: cursor, items: data, path: next }', paginate))
    expect(await stepRow(id, 'fetch')).toMatchObject({ completed: 1, pages: 3, items: 6 })
    answer(
      numbered ? { ...pages, '2': { data: [{ id: 'new' }], total: 6 } } : { b: { data: [{ id: 'new' }], next: 'c' } },
    )
    await retry(id, 2)
    expect(api.asked).toEqual([numbered ? '2' : 'b'])
    expect(await idsOf(id)).toEqual(['a-1', 'a-2', 'new', 'c-1', 'c-2'])
    expect(await elementOf(id)).toMatchObject({ status: 'COMPLETED', warnings: [], items: 5 })
  }
})

it('stores the rows of the step again, by their key', async () => {
  answer({})
  const sink = `sink: { tool: postgres, per: step, table: again.rows, data: "{{ result.results }}", mode: upsert, key: [id] }`
  await playbookPool().query('CREATE SCHEMA IF NOT EXISTS again; CREATE TABLE again.rows (id text PRIMARY KEY, n int)')
  const id = await engine.run(playbook(`retry: { max_attempts: 1 }\n    ${sink}`))
  expect(await statusOf(id)).toBe('COMPLETED')
  answer({ c: { data: [{ id: 'c-1', n: 7 }, { id: 'c-3' }], next: null } })
  await retry(id, 3)
  expect(await statusOf(id)).toBe('COMPLETED')
  const { rows } = await pool().query('SELECT id, n FROM again.rows WHERE id LIKE $1 ORDER BY id', ['c%'])
  expect(rows).toEqual([
    { id: 'c-1', n: 7 },
    { id: 'c-2', n: null },
    { id: 'c-3', n: null },
  ])
})

it('is what an element of a later step sees that is retried after it', async () => {
  answer({ b: { data: [{ id: 'odd' }], next: 'c' } })
  const id = await engine.run(`${playbook()}    next: [{ step: count }]
  - step: count
    tool: assert
    that: [{ name: all, expr: "fetch.results[0] | length == 6" }]
`)
  expect(await statusOf(id)).toBe('FAILED')
  answer({})
  await retry(id, 2)
  expect(await statusOf(id)).toBe('FAILED')
  await retryExecution(id, { scope: 'failed' })
  await untilEnded(id)
  expect(await statusOf(id)).toBe('COMPLETED')
})

it('waits without a worker, is told to go on at once, and goes on after it was cancelled', async () => {
  answer({})
  const id = await engine.run(playbook('retry: { max_attempts: 3, initial_delay: 30 }'))
  answer({ b: { data: [{ id: 'late' }], next: 'c' } }, { b: 1 })
  await retryExecution(id, { scope: 'page', index: 0, page: 2 })
  const waiting = async (): Promise<void> => expect((await elementOf(id)).status).toBe('WAITING')
  await vi.waitFor(waiting, { timeout: 20_000, interval: 20 })
  await cancelExecution(id)
  expect((await elementOf(id)).status).toBe('CANCELLED')
  await retryExecution(id, { scope: 'failed' })
  await vi.waitFor(waiting, { timeout: 20_000, interval: 20 })
  expect(await retryNow(id, { index: 0 })).toBe(1)
  await untilEnded(id)
  expect(api.asked).toEqual(['b', 'b'])
  expect(await statusOf(id)).toBe('COMPLETED')
  expect(await idsOf(id)).toEqual(['a-1', 'a-2', 'late', 'c-1', 'c-2'])
  expect(await stepRow(id, 'fetch')).toMatchObject({ completed: 1, failed: 0, pages: 3, items: 5 })
})

it('refuses a page that is not there, and an element whose rows would be stored twice', async () => {
  const id = await engine.run(playbook())
  await expect(retryExecution(id, { scope: 'page', index: 0, page: 9 })).rejects.toMatchObject({ code: 'not_found' })
  await expect(retryExecution(id, { scope: 'page', index: 5, page: 1 })).rejects.toMatchObject({ code: 'not_found' })
  const stored = await engine.run(
    playbook().replace(
      'retry:',
      'sink: { tool: postgres, statement: "CREATE SCHEMA IF NOT EXISTS again; CREATE TABLE IF NOT EXISTS again.t (n int)" }\n    retry:',
    ),
  )
  expect(await statusOf(stored)).toBe('COMPLETED')
  for (const refused of [previewRetry, retryExecution]) {
    await expect(refused(stored, { scope: 'page', index: 0, page: 1 })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('store it twice'),
    })
  }
})

function answer(say: Record<string, unknown>, fail: Record<string, number> = {}): void {
  Object.assign(api, { asked: [], say: new Map(Object.entries(say)), fail: new Map(Object.entries(fail)) })
}

async function retry(id: string, page: number): Promise<void> {
  await retryExecution(id, { scope: 'page', index: 0, page })
  await untilEnded(id)
}

async function idsOf(id: string): Promise<string[]> {
  const { rows } = await pool().query<{ id: string }>(
    `SELECT item ->> 'id' AS id FROM noetl.page p, json_array_elements(p.body::json -> 'data') WITH ORDINALITY AS i (item, ord)
     WHERE execution_id = $1 ORDER BY page, ord`,
    [id],
  )
  return rows.map((row) => row.id)
}

async function elementOf(id: string): Promise<{ warnings: unknown[]; status: string; error: unknown }> {
  const { rows } = await pool().query(
    'SELECT status, stop_reason, warnings, error, pages, items FROM noetl.iteration WHERE execution_id = $1 AND iteration_index = 0',
    [id],
  )
  return rows[0]
}

const logOf = async (id: string) =>
  (await eventsOf(id)).map((event) => ({ ...event, created_at: new Date(event.created_at).toISOString() }))

const playbook = (retry = 'retry: { max_attempts: 2, initial_delay: 0.01 }'): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: test, path: tests/page-again }
workflow:
  - { step: start, next: [{ step: fetch }] }
  - step: fetch
    tool: http
    url: "${origin}/items"
    loop: { collection: [one], element: name }
    paginate: { type: cursor, items: data, path: next }
    ${retry}
`
