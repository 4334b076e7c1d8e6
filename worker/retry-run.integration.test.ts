import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { elementAt, emptyView } from '@/domain/execution/view'
import { applyEvents } from '@/domain/execution/view-fold'
import { pool } from '@/server/db/pool'
import { setVariables } from '@/server/env'
import { cancelExecution } from '@/server/executions/cancel-execution'
import { previewRetry } from '@/server/executions/preview-retry'
import { readExecution } from '@/server/executions/read-execution'
import { stepOfIteration } from '@/server/executions/read-iterations'
import { retryExecution } from '@/server/executions/retry-execution'
import { startExecution } from '@/server/executions/start-execution'
import { listen } from '@/server/http/testing/connector'
import { registerPlaybook } from '@/server/playbooks/register-playbook'
import { eventsOf, startEngine, statusOf, stepRow, untilEnded } from './testing/start-engine'

const engine = await startEngine('postgresql')
setVariables({ PAGETURNER_ALLOW_HOSTS: 'localhost:*,127.0.0.1:*' })

/** Three pages at any path; /<name>/ answers 500 on its page `broken.get(name)`, and may take its time. */
const api = { broken: new Map<string, number>(), asked: [] as string[], delayMs: 0, open: 0, most: 0 }
const { origin, close } = await listen(
  createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://api')
    const name = url.pathname.slice(1)
    const page = Number(url.searchParams.get('page'))
    api.asked.push(`${name}:${page}`)
    api.most = Math.max(api.most, ++api.open)
    setTimeout(() => {
      api.open -= 1
      const isBroken = api.broken.get(name) === page
      response
        .writeHead(isBroken ? 500 : 200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ data: [{ id: `${name}-${page}` }], more: page < 3 }))
    }, api.delayMs)
  }),
  'http',
)
afterAll(close)

const FETCH = `tool: http
    url: "${origin}/{{ name }}"
    params: { page: 1 }
    paginate: { type: page, items: data, stop: { has_more_path: more } }
    retry: { max_attempts: 1 }`

const loop = (names: string, rest: string): string => `  - step: fetch
    ${FETCH}
    loop: { collection: ${names}, element: name, ${rest} }
    next: [{ step: after }]
  - { step: after, tool: postgres, statement: "SELECT 1 AS one" }`

it('goes on at the failed page of a failed run, then with the elements and steps that were left out', async () => {
  broken({ b: 2 })
  const id = await engine.run(playbook(loop('[a, b, c]', 'mode: sequential')))
  expect(await statusOf(id)).toBe('FAILED')
  expect(await previewRetry(id, { scope: 'failed' })).toMatchObject({
    elements: 2,
    pages_kept: 1,
    at_least_requests: 2,
  })
  broken({})
  await retry(id)
  expect(await statusOf(id)).toBe('COMPLETED')
  expect(api.asked).toEqual(['b:2', 'b:3', 'c:1', 'c:2', 'c:3'])
  expect(await stepRow(id, 'fetch')).toMatchObject({ completed: 3, failed: 0, skipped: 0, pages: 9, items: 9 })
  expect(await readExecution(id)).toMatchObject({ status: 'COMPLETED', stats: { failed: 0, pages: 9, items: 9 } })
  expect((await stepRow(id, 'after'))?.status).toBe('COMPLETED')
  const view = applyEvents(emptyView(id), await logOf(id))
  expect(view).toMatchObject({ status: 'COMPLETED', error: null, stats: { completed: 3, failed: 0, pages: 9 } })
  expect(view.steps[1]?.elements[1]?.pages[1]).toMatchObject({ status: 'ok', attempts: [{ attempt: 1 }] })
})

it('retries one element alone: what a failure had left out stays out, is told of, and begins with everything', async () => {
  broken({ b: 2 })
  const id = await engine.run(playbook(loop('[a, b, c, d]', 'mode: sequential')))
  expect(await stepRow(id, 'fetch')).toMatchObject({ completed: 1, failed: 1, skipped: 2 })
  expect(await previewRetry(id, { scope: 'iteration', index: 1 })).toMatchObject({ elements: 1, at_least_requests: 1 })
  broken({})
  await retry(id, { scope: 'iteration', index: 1 })
  expect(api.asked).toEqual(['b:2', 'b:3'])
  expect(await stepRow(id, 'fetch')).toMatchObject({ status: 'FAILED', completed: 2, failed: 0, skipped: 2 })
  expect(await readExecution(id)).toMatchObject({ status: 'FAILED', error: { kind: 'left_out' } })
  expect(applyEvents(emptyView(id), await logOf(id)).stats).toMatchObject({ completed: 2, failed: 0, skipped: 2 })
  expect(await previewRetry(id, { scope: 'failed' })).toMatchObject({ elements: 2, at_least_requests: 2 })
  broken({})
  await retry(id)
  expect(api.asked).toEqual(['c:1', 'c:2', 'c:3', 'd:1', 'd:2', 'd:3'])
  expect(await stepRow(id, 'fetch')).toMatchObject({ status: 'COMPLETED', completed: 4, failed: 0, skipped: 0 })
  expect(await readExecution(id)).toMatchObject({ status: 'COMPLETED' })
})

it('retries the failed elements of a completed run, no more at once than the loop allows', async () => {
  broken({ b: 1, c: 3, d: 1, e: 1 })
  const id = await engine.run(playbook(loop('[a, b, c, d, e]', 'mode: async, concurrency: 2, on_failure: continue')))
  expect(await statusOf(id)).toBe('COMPLETED')
  expect(await stepRow(id, 'fetch')).toMatchObject({ completed: 1, failed: 4 })
  expect(await previewRetry(id, { scope: 'failed' })).toMatchObject({
    elements: 4,
    pages_kept: 2,
    at_least_requests: 4,
  })
  broken({ e: 1 }, 40)
  await retry(id)
  expect(api.most).toBe(2)
  expect(await statusOf(id)).toBe('COMPLETED')
  expect(await stepRow(id, 'fetch')).toMatchObject({ completed: 4, failed: 1, pages: 12 })
  expect((await readExecution(id)).stats).toMatchObject({ failed: 1, pages: 12 })
  const started = (await eventsOf(id)).filter(
    ({ event_type, node_name }) => event_type === 'step_started' && node_name === 'after',
  )
  expect(started).toHaveLength(1)
  broken({})
  await retry(id, { scope: 'iteration', index: 4 })
  expect(await stepRow(id, 'fetch')).toMatchObject({ completed: 5, failed: 0, pages: 15 })
})

it('numbers the tries of a page on, and gives it all its tries again', async () => {
  broken({ a: 1 })
  const id = await engine.run(
    playbook(loop('[a]', 'mode: sequential').replace('max_attempts: 1', 'max_attempts: 2, initial_delay: 0.01')),
  )
  await retry(id)
  expect(await statusOf(id)).toBe('FAILED')
  const { rows } = await pool().query('SELECT attempt FROM noetl.attempt WHERE execution_id = $1 ORDER BY attempt', [
    id,
  ])
  expect(rows.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4])
})

it('lets a cancelled run go on where it was', async () => {
  broken({}, 300)
  const { executionId: id } = await startExecution({
    content: playbook(loop('[a, b, c]', 'mode: sequential')),
    trigger: { type: 'test' },
  })
  await vi.waitFor(async () => expect((await stepRow(id, 'fetch'))?.pages).toBeGreaterThanOrEqual(4), {
    timeout: 20_000,
    interval: 10,
  })
  await cancelExecution(id)
  const kept = (await stepRow(id, 'fetch'))?.pages ?? 0
  for (const refused of [previewRetry, retryExecution]) {
    await expect(refused(id, { scope: 'iteration', index: 1 })).rejects.toMatchObject({
      code: 'conflict',
      hint: 'Retry all that failed or was cancelled in it, not one element or page.',
    })
  }
  broken({})
  await retry(id)
  expect(await statusOf(id)).toBe('COMPLETED')
  expect(api.asked).toHaveLength(9 - kept)
  expect(await stepRow(id, 'fetch')).toMatchObject({ completed: 3, pages: 9 })
  expect(applyEvents(emptyView(id), await logOf(id)).stats).toMatchObject({ completed: 3, cancelled: 0 })
})

it('shows elements as the table has them when the retry of one, which a failure left others out of, is cancelled', async () => {
  broken({ b: 2 })
  const id = await engine.run(playbook(loop('[a, b, c, d]', 'mode: sequential')))
  expect(await shownAndStored(id)).toEqual(['COMPLETED FAILED SKIPPED SKIPPED', 'COMPLETED FAILED SKIPPED SKIPPED'])
  broken({}, 1_000)
  await retryExecution(id, { scope: 'iteration', index: 1 })
  await vi.waitFor(() => expect(api.asked).toEqual(['b:2']), { timeout: 20_000, interval: 10 })
  await cancelExecution(id)
  const cancelled = 'COMPLETED CANCELLED SKIPPED SKIPPED'
  expect(await shownAndStored(id)).toEqual([cancelled, cancelled])
  broken({}, 1_000)
  await retryExecution(id, { scope: 'failed' })
  expect((await shownAndStored(id))[0]).toMatch(/^COMPLETED \w+ PENDING PENDING$/)
  await cancelExecution(id)
  const all = 'COMPLETED CANCELLED CANCELLED CANCELLED'
  expect(await shownAndStored(id)).toEqual([all, all])
  expect(applyEvents(emptyView(id), await logOf(id)).stats).toMatchObject({ skipped: 0, cancelled: 3, completed: 1 })
})

it('retries a step without a loop, and one that failed before its work began', async () => {
  broken({ only: 2 })
  const id = await engine.run(playbook(`  - step: fetch\n    ${FETCH.replace('{{ name }}', 'only')}`))
  expect(await statusOf(id)).toBe('FAILED')
  broken({})
  await retry(id)
  expect(await statusOf(id)).toBe('COMPLETED')
  expect(api.asked).toEqual(['only:2', 'only:3'])
  const unready = await engine.run(playbook(loop('"{{ workload.names }}"', 'mode: sequential')), { names: 'no list' })
  expect(await statusOf(unready)).toBe('FAILED')
  await retry(unready)
  expect(await statusOf(unready)).toBe('FAILED')
  expect((await eventsOf(unready)).filter(({ event_type }) => event_type === 'step_failed')).toHaveLength(2)
})

it('retries the child that failed, whose pages are kept', async () => {
  broken({ child: 3 })
  await registerPlaybook(playbook(`  - step: fetch\n    ${FETCH.replace('{{ name }}', 'child')}`, 'tests/child'))
  const id = await engine.run(playbook(`  - { step: start, tool: playbook, path: tests/child }`))
  expect(await statusOf(id)).toBe('FAILED')
  expect(await previewRetry(id, { scope: 'failed' })).toMatchObject({
    elements: 1,
    pages_kept: 2,
    at_least_requests: 1,
  })
  broken({})
  await retry(id)
  expect(await statusOf(id)).toBe('COMPLETED')
  expect(api.asked).toEqual(['child:3'])
  expect((await readExecution(id)).children).toMatchObject([{ status: 'COMPLETED' }])
})

it('stores what sinks of the whole loop had not, and refuses to store rows twice', async () => {
  const rows = (table: string, mode: string): string =>
    workflow(table, `table: "retried.${table}", data: "{{ result.results }}", ${mode}`)
  const statement = (table: string, end: string): string =>
    workflow(
      table,
      `params: ["{{ result.results | tojson }}"], statement: "INSERT INTO retried.${table} SELECT j #>> '{}' FROM jsonb_path_query($1::jsonb, '$[*].id') j ${end}"`,
    )
  const workflow = (table: string, sink: string): string => `  - step: start
    tool: postgres
    statement: CREATE SCHEMA IF NOT EXISTS retried; CREATE TABLE retried.${table} (id text UNIQUE)
    next: [{ step: fetch }]
  - step: fetch
    ${FETCH}
    loop: { collection: [a, b], element: name, on_failure: continue }
    sink: { tool: postgres, per: step, ${sink} }`
  broken({ b: 2 })
  const keyed = await engine.run(playbook(rows('keyed', 'mode: upsert, key: [id]')))
  const said = await engine.run(playbook(statement('said', 'ON CONFLICT DO NOTHING')))
  const plain = await engine.run(playbook(rows('plain', 'mode: insert')))
  const blunt = await engine.run(playbook(statement('blunt', '')))
  for (const id of [plain, blunt]) {
    expect(await statusOf(id)).toBe('COMPLETED')
    for (const refused of [previewRetry, retryExecution]) {
      await expect(refused(id, { scope: 'failed' })).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('would store them twice'),
      })
    }
  }
  expect(await previewRetry(keyed, { scope: 'failed' })).toMatchObject({ elements: 1, pages_kept: 1 })
  expect(await statusOf(plain)).toBe('COMPLETED')
  broken({})
  await retry(keyed)
  expect(await statusOf(keyed)).toBe('COMPLETED')
  await retry(said)
  for (const table of ['keyed', 'said']) {
    const stored = await pool().query<{ id: string }>(`SELECT id FROM retried.${table} ORDER BY id`)
    expect(stored.rows.map(({ id }) => id)).toEqual(['a-1', 'a-2', 'a-3', 'b-1', 'b-2', 'b-3'])
  }
})

it('refuses what has not ended, what did not fail and what is not there', async () => {
  broken({})
  const id = await engine.run(playbook(loop('[a]', 'mode: sequential')))
  await expect(retryExecution(id, { scope: 'failed' })).rejects.toMatchObject({ code: 'conflict' })
  await expect(retryExecution(id, { scope: 'iteration', index: 0 })).rejects.toMatchObject({ code: 'conflict' })
  for (const refused of [previewRetry, retryExecution]) {
    await expect(refused(id, { scope: 'iteration', index: 0 })).rejects.toThrow('has not failed')
  }
  // Long enough to be refused before it has ended.
  broken({}, 1_000)
  const { executionId: running } = await startExecution({
    content: playbook(loop('[a]', 'mode: sequential')),
    trigger: { type: 'test' },
  })
  for (const refused of [previewRetry, retryExecution]) {
    await expect(refused(running, { scope: 'failed' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('has not ended yet'),
    })
  }
  await untilEnded(running)
  await expect(retryExecution('999999', { scope: 'failed' })).rejects.toMatchObject({ code: 'not_found' })
})

it('says how many elements there are where one is asked for that is not', async () => {
  broken({ b: 1 })
  const content = playbook(loop('[a, b, c]', 'mode: async, on_failure: continue'), 'tests/retry-missing')
  await registerPlaybook(content)
  const id = await engine.run(content)
  const missing = {
    code: 'not_found',
    message: `Execution ${id} has no element 7: step "fetch" has 3, from 0 to 2, step "after" has 1, which is 0.`,
  }
  for (const refused of [
    async () => previewRetry(id, { scope: 'iteration', index: 7 }),
    async () => previewRetry(id, { scope: 'iteration', index: 7, version: 'newest' }),
    async () => previewRetry(id, { scope: 'page', index: 7, page: 1 }),
    async () => retryExecution(id, { scope: 'iteration', index: 7 }),
    async () => retryExecution(id, { scope: 'page', index: 7, page: 1 }),
    async () => stepOfIteration(id, 7, undefined),
  ]) {
    await expect(refused()).rejects.toMatchObject(missing)
  }
  await expect(retryExecution(id, { scope: 'iteration', index: 3, step: 'fetch' })).rejects.toMatchObject({
    code: 'not_found',
    message: `Execution ${id} has no element 3: step "fetch" has 3, from 0 to 2.`,
  })
  await expect(retryExecution(id, { scope: 'iteration', index: 1, step: 'fetsch' })).rejects.toMatchObject({
    code: 'not_found',
    message: `Execution ${id} has no elements of a step "fetsch".`,
    hint: 'Steps with elements: fetch, after.',
  })
})

beforeAll(() => broken({}))

function broken(pages: Record<string, number>, delayMs = 0): void {
  Object.assign(api, { broken: new Map(Object.entries(pages)), asked: [], delayMs, most: 0 })
}

async function retry(id: string, request: Parameters<typeof retryExecution>[1] = { scope: 'failed' }): Promise<void> {
  await retryExecution(id, request)
  await untilEnded(id)
}

const logOf = async (id: string) =>
  (await eventsOf(id)).map((event) => ({ ...event, created_at: new Date(event.created_at).toISOString() }))

/** The status of each element, as a screen shows it and as it is on record. */
async function shownAndStored(id: string): Promise<string[]> {
  const step = applyEvents(emptyView(id), await logOf(id)).steps.find(({ name }) => name === 'fetch')
  const { rows } = await pool().query<{ status: string }>(
    `SELECT status FROM noetl.iteration WHERE execution_id = $1 AND step = 'fetch' ORDER BY iteration_index`,
    [id],
  )
  const shown = rows.map((_, index) => step && elementAt(step, index).status)
  return [shown.join(' '), rows.map(({ status }) => status).join(' ')]
}

const playbook = (workflow: string, path = 'tests/retry'): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: test, path: ${path} }
workload: { names: [] }
workflow:
${workflow.includes('step: start') ? '' : '  - { step: start, next: [{ step: fetch }] }\n'}${workflow}
`
