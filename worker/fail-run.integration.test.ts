import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { pool } from '@/server/db/pool'
import { setVariables } from '@/server/env'
import { orchestrate } from '@/server/executions/orchestrate'
import { readSnapshot } from '@/server/executions/read-snapshot'
import { retryExecution } from '@/server/executions/retry-execution'
import { startExecution } from '@/server/executions/start-execution'
import { listen } from '@/server/http/testing/connector'
import { registerPlaybook } from '@/server/playbooks/register-playbook'
import { eventsOf, startEngine, statusOf, stepRow } from './testing/start-engine'

vi.setConfig({ testTimeout: 120_000 })

await startEngine('postgresql')
setVariables({ PAGETURNER_ALLOW_HOSTS: 'localhost:*,127.0.0.1:*' })

const asked = { open: 0, abandoned: 0, hangs: true }
const { origin, close } = await listen(
  createServer((_request, response) => {
    if (!asked.hangs) return void response.writeHead(200, { 'content-type': 'application/json' }).end('[1]')
    asked.open += 1
    response.on('close', () => (asked.abandoned += 1))
  }),
  'http',
)
afterAll(close)

beforeAll(() =>
  registerPlaybook(playbook('tests/slow-child', `  - { step: start, tool: http, url: "${origin}/child" }`)),
)

it('ends what is under way with a run that a fault of ours ends, and lets a retry go on with it', async () => {
  const { executionId: id } = await startExecution({
    content: playbook(
      'tests/fault',
      `  - { step: start, next: [{ step: pages }, { step: inner }] }
  - step: pages
    tool: http
    url: "${origin}/{{ n }}"
    loop: { collection: [0, 1, 2, 3], element: n, mode: async, concurrency: 2 }
  - { step: inner, tool: playbook, path: tests/slow-child }`,
    ),
    trigger: { type: 'test' },
  })
  await vi.waitFor(() => expect(asked.open).toBe(3), 20_000)
  const child = await childOf(id)
  const { rows } = await pool().query<{ state: unknown }>(
    `UPDATE noetl.execution e SET state = '{"steps": 1}' FROM noetl.execution b
     WHERE e.execution_id = $1 AND b.execution_id = $1 RETURNING b.state`,
    [id],
  )
  await orchestrate(id)

  expect(await statusOf(id)).toBe('FAILED')
  expect(await stepRow(id, 'pages')).toMatchObject({ status: 'CANCELLED' })
  expect(await iterationStatuses(id)).toEqual(Array.from({ length: 5 }, () => 'CANCELLED'))
  expect(await statusOf(child)).toBe('CANCELLED')
  expect((await eventsOf(child)).at(-1)).toMatchObject({ context: { cancelled_with: id } })
  await vi.waitFor(() => expect(asked.abandoned).toBe(3), { timeout: 20_000, interval: 10 })
  expect((await eventsOf(id)).at(-1)).toMatchObject({
    event_type: 'playbook_failed',
    status: 'FAILED',
    context: { cancelled: 5, error: { kind: 'internal' }, stats: { pages: 0 } },
  })
  expect((await readSnapshot(id)).view).toMatchObject({
    status: 'FAILED',
    stats: { elements: 4, running: 0, cancelled: 4 },
    steps: [{ name: 'start' }, { name: 'pages', status: 'CANCELLED' }, { name: 'inner', status: 'CANCELLED' }],
  })

  asked.hangs = false
  await pool().query('UPDATE noetl.execution SET state = $2 WHERE execution_id = $1', [id, rows[0]?.state])
  await retryExecution(id, { scope: 'failed' })
  await vi.waitFor(async () => expect(await statusOf(id)).toBe('COMPLETED'), 20_000)
  expect(await statusOf(child)).toBe('COMPLETED')
})

async function childOf(id: string): Promise<string> {
  const { rows } = await pool().query<{ id: string }>(
    'SELECT execution_id AS id FROM noetl.execution WHERE parent_execution_id = $1',
    [id],
  )
  return rows[0]?.id ?? ''
}

async function iterationStatuses(id: string): Promise<string[]> {
  const { rows } = await pool().query<{ status: string }>(
    'SELECT status FROM noetl.iteration WHERE execution_id = $1',
    [id],
  )
  return rows.map(({ status }) => status)
}

const playbook = (path: string, workflow: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: test, path: ${path} }
workflow:
${workflow}
`
