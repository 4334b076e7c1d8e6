import { createServer } from 'node:http'
import { afterAll, expect, it, vi } from 'vitest'
import { pool } from '@/server/db/pool'
import { setVariables } from '@/server/env'
import { cancelExecution } from '@/server/executions/cancel-execution'
import { pauseExecution } from '@/server/executions/pause-execution'
import { resumeExecution } from '@/server/executions/resume-execution'
import { startExecution } from '@/server/executions/start-execution'
import { listen } from '@/server/http/testing/connector'
import { registerPlaybook } from '@/server/playbooks/register-playbook'
import { eventsOf, startEngine, statusOf, stepRow, untilEnded } from './testing/start-engine'

vi.setConfig({ testTimeout: 120_000 })

await startEngine('postgresql')
setVariables({ PAGETURNER_ALLOW_HOSTS: 'localhost:*,127.0.0.1:*' })

/** Eight pages at any path, 150 ms each, and half a second at /only: a pause must come before their end. */
const api = { asked: 0, answered: 0 }
const { origin, close } = await listen(
  createServer((request, response) => {
    api.asked += 1
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://api')
    const page = Number(searchParams.get('page'))
    setTimeout(
      () => {
        api.answered += 1
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ data: [`${pathname}-${page}`], more: page < 8 }))
      },
      pathname === '/only' ? 500 : 150,
    )
  }),
  'http',
)
afterAll(close)

const FETCH = `  - step: start
    tool: http
    url: "${origin}/{{ workload.name }}"
    params: { page: 1 }
    paginate: { type: page, items: data, stop: { has_more_path: more } }`

it('saves what is in flight, starts nothing new, and goes on with the next page', async () => {
  const asking = Date.now()
  const id = await start(`${FETCH.replace('{{ workload.name }}', '{{ name }}')}
    loop: { collection: [a, b, c], element: name, mode: async, concurrency: 2 }`)
  await vi.waitFor(() => expect(api.asked).toBeGreaterThan(0), { timeout: 20_000, interval: 10 })
  const began = Date.now() - asking
  await vi.waitFor(async () => expect((await stepRow(id, 'start'))?.pages).toBeGreaterThan(2), {
    timeout: 20_000,
    interval: 10,
  })
  await pauseExecution(id)
  expect(await statusOf(id)).toBe('PAUSED')
  await expect.poll(async () => isQuiet(id), { timeout: 20_000 }).toBe(true)
  const { asked } = api
  expect(asked).toBeLessThan(24)
  await new Promise((resolve) => setTimeout(resolve, 600))
  expect(api.asked).toBe(asked)
  await expect(pauseExecution(id)).rejects.toMatchObject({ code: 'conflict' })
  const from = Date.now()
  await resumeExecution(id)
  await vi.waitFor(() => expect(api.asked).toBeGreaterThan(asked), { timeout: 20_000, interval: 10 })
  // A second, and what a machine that was slow to begin the run may take to go on with it.
  expect(Date.now() - from).toBeLessThan(1_000 + 3 * began)
  await untilEnded(id)
  expect(await statusOf(id)).toBe('COMPLETED')
  expect(api.asked).toBe(24)
  expect(await stepRow(id, 'start')).toMatchObject({ completed: 3, pages: 24, items: 24 })
  const told = (await eventsOf(id)).map(({ event_type }) => event_type)
  expect(told.filter((type) => type === 'playbook_paused' || type === 'playbook_resumed')).toEqual([
    'playbook_paused',
    'playbook_resumed',
  ])
  await expect(resumeExecution(id)).rejects.toMatchObject({ code: 'conflict' })
})

it('pauses and resumes what runs for it, and can be cancelled while it is paused', async () => {
  await registerPlaybook(playbook(FETCH, 'tests/paused-child'))
  const id = await start('  - { step: start, tool: playbook, path: tests/paused-child }')
  const child = await vi.waitFor(async () => {
    const { rows } = await pool().query<{ execution_id: string }>(
      `SELECT execution_id FROM noetl.execution WHERE parent_execution_id = $1 AND status = 'RUNNING' AND pages > 0`,
      [id],
    )
    expect(rows).toHaveLength(1)
    return rows[0]?.execution_id ?? ''
  }, 20_000)
  await pauseExecution(id)
  expect([await statusOf(id), await statusOf(child)]).toEqual(['PAUSED', 'PAUSED'])
  await resumeExecution(id)
  expect([await statusOf(id), await statusOf(child)]).toEqual(['RUNNING', 'RUNNING'])
  await untilEnded(id)
  expect([await statusOf(id), await statusOf(child)]).toEqual(['COMPLETED', 'COMPLETED'])
  const other = await start(FETCH)
  await vi.waitFor(async () => expect(await statusOf(other)).toBe('RUNNING'), 20_000)
  await pauseExecution(other)
  await cancelExecution(other)
  expect(await statusOf(other)).toBe('CANCELLED')
})

it.each(['paused', 'cancelled'] as const)(
  'begins nothing of a child that is inserted in the instant its parent is %s, once that is told',
  async (as) => {
    const path = `tests/instant-${as}`
    const { content_hash: hash } = await registered(path)
    const holding = await pool().connect()
    await holding.query('BEGIN')
    // The child's row needs its text: so long its parent has decided to start it, and can't.
    await holding.query('SELECT FROM noetl.playbook_content WHERE hash = $1 FOR UPDATE', [hash])
    const id = await start(`  - { step: start, tool: playbook, path: ${path} }`)
    await vi.waitFor(async () => expect(await blocked('INSERT INTO noetl.execution')).toBe(1), WAIT)
    const acting = as === 'paused' ? pauseExecution(id) : cancelExecution(id)
    await vi.waitFor(async () => expect(await blocked('WITH RECURSIVE tree')).toBe(1), WAIT)
    await holding.query('COMMIT')
    holding.release()
    await acting
    await new Promise((resolve) => setTimeout(resolve, 500))
    const { rows } = await pool().query<{ execution_id: string; status: string }>(
      'SELECT execution_id, status FROM noetl.execution WHERE parent_execution_id = $1',
      [id],
    )
    // The child may have met the lock of its parent first: what it did then comes before the parent's event.
    expect(rows).toHaveLength(1)
    if (rows[0]?.status !== 'COMPLETED') expect(rows[0]?.status).toBe(as.toUpperCase())
    const stop = (await eventsOf(id)).find(({ event_type }) => event_type === `playbook_${as}`)
    const begun = (await eventsOf(rows[0]?.execution_id ?? '')).filter(({ event_type }) =>
      event_type.endsWith('_started'),
    )
    expect(begun.filter(({ event_id }) => BigInt(event_id) > BigInt(stop?.event_id ?? 0))).toEqual([])
    if (as === 'cancelled') return
    await resumeExecution(id)
    await untilEnded(id)
    expect(await statusOf(id)).toBe('COMPLETED')
  },
)

const WAIT = { timeout: 15_000, interval: 10 }

async function registered(path: string): Promise<{ content_hash: string }> {
  await registerPlaybook(playbook(`  - { step: start, tool: postgres, statement: SELECT 1 }`, path))
  const { rows } = await pool().query('SELECT content_hash FROM noetl.playbook_version WHERE path = $1', [path])
  return rows[0]
}

/** True once half a second has passed in which nothing was asked for, and everything that was is answered and saved. */
async function isQuiet(id: string): Promise<boolean> {
  const { asked } = api
  await new Promise((resolve) => setTimeout(resolve, 500))
  return api.asked === asked && api.answered === asked && (await stepRow(id, 'start'))?.pages === asked
}

/** Statements that wait for a lock. */
async function blocked(text: string): Promise<number | null> {
  const { rowCount } = await pool().query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND position($1 IN query) > 0`,
    [text],
  )
  return rowCount
}

async function start(workflow: string): Promise<string> {
  const content = playbook(workflow, 'tests/pause')
  return (await startExecution({ content, trigger: { type: 'test' } })).executionId
}

const playbook = (workflow: string, path: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: test, path: ${path} }
workload: { name: only }
workflow:
${workflow}
`
