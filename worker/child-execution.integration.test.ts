import { beforeAll, expect, it, vi } from 'vitest'
import { pool } from '@/server/db/pool'
import { readExecution } from '@/server/executions/read-execution'
import { listExecutions } from '@/server/executions/read-execution-list'
import { startExecution } from '@/server/executions/start-execution'
import { registerPlaybook } from '@/server/playbooks/register-playbook'
import { eventsOf, startEngine, statusOf, stepRow, storyOf, untilEnded } from './testing/start-engine'

const engine = await startEngine('postgresql')

beforeAll(async () => {
  for (const [path, workflow] of Object.entries(CHILDREN)) await registerPlaybook(playbook(path, workflow))
})

it('runs another playbook with the workload given, and takes its stats and results', async () => {
  const id = await engine.run(
    playbook(
      'tests/parent',
      `  - step: start
    tool: playbook
    path: tests/child
    workload: { size: "{{ 5 + 2 }}", note: "{{ workload.note }}" }
    next: [{ step: after }]
  - step: after
    tool: assert
    that:
      - { name: pages of the child, expr: "start.result.stats.pages == 1" }
      - { name: items of the child, expr: "start.steps.fetch.stats.items == 7" }
      - { name: results of the child, expr: "start.steps.fetch.results | length == 7" }
      - { name: a row of the child, expr: "start.steps.note.rows[0].note == workload.note" }`,
    ),
    { note: 'braces {{ stay }}' },
  )
  expect(await statusOf(id)).toBe('COMPLETED')
  expect(await storyOf(id)).toEqual([
    'playbook_started',
    'workflow_initialized',
    'step_started start',
    'action_started start',
    'action_completed start',
    'step_result start',
    'step_started after',
    'action_started after',
    ...Array.from({ length: 4 }, () => 'expectation_checked after 0'),
    'action_completed after',
    'step_result after',
    'playbook_completed',
  ])
})

it('links parent and child in both directions', async () => {
  const id = await engine.run(loopOver('tests/child', '[3, 4]'))
  const parent = await readExecution(id)
  expect(parent.children.map(({ step, index, path, status }) => [step, index, path, status])).toEqual([
    ['start', 0, 'tests/child', 'COMPLETED'],
    ['start', 1, 'tests/child', 'COMPLETED'],
  ])
  const child = await readExecution(parent.children[1]?.execution_id ?? '')
  expect(child).toMatchObject({
    parent_execution_id: id,
    parent: { execution_id: id, step: 'start', index: 1 },
    trigger: { type: 'playbook', execution_id: id },
    workload: { size: 4 },
  })
  const listed = await listExecutions({ parent: id, limit: 10 })
  expect(listed.items.map(({ execution_id }) => execution_id)).toEqual(
    parent.children.map(({ execution_id }) => execution_id).toReversed(),
  )
})

it('holds no slot while it waits, and goes on as soon as the child has ended', async () => {
  const { executionId } = await startExecution({ content: loopOver('tests/slow', '[1]'), trigger: { type: 'test' } })
  await vi.waitFor(
    async () => expect(await firstIteration(executionId)).toMatchObject({ status: 'WAITING', lease_until: null }),
    20_000,
  )
  await untilEnded(executionId)
  expect(await firstIteration(executionId)).toMatchObject({ status: 'COMPLETED', epoch: 2 })
  const { rows } = await pool().query<{ ms: number; began: number }>(
    `SELECT (extract(epoch FROM p.ended_at - c.ended_at) * 1000)::float8 AS ms,
       (extract(epoch FROM c.created_at - p.created_at) * 1000)::float8 AS began FROM noetl.execution p
     JOIN noetl.execution c ON c.parent_execution_id = p.execution_id WHERE p.execution_id = $1`,
    [executionId],
  )
  // A machine that was slow to begin the child may be as slow to go on after it.
  expect(rows[0]?.ms).toBeLessThan(1_000 + 3 * (rows[0]?.began ?? 0))
})

it("fails with its child's error", async () => {
  const id = await engine.run(loopOver('tests/failing', '[1]'))
  expect(await statusOf(id)).toBe('FAILED')
  const failed = (await eventsOf(id)).find(({ event_type }) => event_type === 'step_failed')
  expect(failed?.context).toMatchObject({
    error: {
      kind: 'http_error',
      message: expect.stringMatching(
        /^Element "1" .*Playbook tests\/failing \(execution \d+\) failed: Step "start" failed: .*404/,
      ),
    },
  })
})

it('counts a failed child as a failed element with on_failure: continue', async () => {
  const id = await engine.run(
    playbook(
      'tests/parent',
      `  - step: start
    tool: playbook
    path: "tests/{{ name }}"
    loop: { collection: [child, failing], element: name, mode: async, concurrency: 2, on_failure: continue }`,
    ),
  )
  expect(await statusOf(id)).toBe('COMPLETED')
  expect(await stepRow(id, 'start')).toMatchObject({ completed: 1, failed: 1 })
})

it('fails on a playbook that is not there', async () => {
  const missing = await engine.run(loopOver('tests/nowhere', '[1]'))
  expect(await errorOf(missing)).toMatchObject({ kind: 'not_found', message: expect.stringContaining('tests/nowhere') })
})

it('ends a playbook that runs itself at a depth of 8, and says where', async () => {
  const { executionId } = await startExecution({ path: 'tests/recursive', trigger: { type: 'test' } })
  await untilEnded(executionId)
  expect(await statusOf(executionId)).toBe('FAILED')
  expect(await errorOf(executionId)).toMatchObject({
    kind: 'invalid_playbook',
    message: expect.stringContaining('tests/recursive would run 9 playbooks deep; at most 8 may'),
  })
  const { rows } = await pool().query(
    `SELECT max(depth) AS depth, count(*)::int AS n FROM noetl.execution WHERE path = 'tests/recursive'`,
  )
  expect(rows).toEqual([{ depth: 8, n: 9 }])
})

it('wakes the parent of a child that someone ended from outside', async () => {
  const { executionId } = await startExecution({ content: loopOver('tests/slow', '[1]'), trigger: { type: 'test' } })
  await vi.waitFor(async () => expect(await firstIteration(executionId)).toMatchObject({ status: 'WAITING' }), 20_000)
  await pool().query(
    `UPDATE noetl.execution SET status = 'CANCELLED', ended_at = now() WHERE parent_execution_id = $1`,
    [executionId],
  )
  await untilEnded(executionId)
  expect(await errorOf(executionId)).toMatchObject({
    kind: 'child_failed',
    message: expect.stringContaining('was cancelled'),
  })
})

it('leaves large results with the child, and says so', async () => {
  const id = await engine.run(loopOver('tests/large', '[1]'))
  const { rows } = await pool().query<{ steps: unknown }>(
    `SELECT checkpoint -> 'result' -> 'steps' AS steps FROM noetl.iteration WHERE execution_id = $1`,
    [id],
  )
  expect(rows[0]?.steps).toEqual({
    start: { status: 'completed', stats: expect.objectContaining({ success: 1 }), results_omitted: true },
  })
})

const errorOf = async (executionId: string): Promise<unknown> =>
  (await eventsOf(executionId)).find(({ event_type }) => event_type === 'step_failed')?.context['error']

async function firstIteration(executionId: string): Promise<unknown> {
  return (
    await pool().query('SELECT * FROM noetl.iteration WHERE execution_id = $1 AND iteration_index = 0', [executionId])
  ).rows[0]
}

const playbook = (path: string, workflow: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: test, path: ${path} }
workload: { size: 3, note: none }
workflow:
${workflow}
`

const loopOver = (path: string, collection: string): string =>
  playbook(
    'tests/parent',
    `  - step: start
    tool: playbook
    path: ${path}
    workload: { size: "{{ n }}" }
    loop: { collection: ${collection}, element: n }`,
  )

const FETCH = `tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1`

const CHILDREN = {
  'tests/child': `  - { step: start, next: [{ step: fetch }] }
  - step: fetch
    ${FETCH}/users"
    params: { pageSize: "{{ workload.size }}" }
    paginate: { type: page, limit_param: pageSize, limit: "{{ workload.size }}", items: data, stop: { max_pages: 1 } }
    next: [{ step: note }]
  - { step: note, tool: postgres, statement: "SELECT {{ workload.note }}::text AS note" }`,
  'tests/slow': `  - step: start
    ${FETCH}/users?delay_ms=2000"`,
  'tests/failing': `  - step: start
    ${FETCH}/nothing-here"`,
  'tests/recursive': `  - { step: start, tool: playbook, path: tests/recursive }`,
  'tests/large': `  - { step: start, tool: postgres, statement: "SELECT repeat('x', 2000000) AS text" }`,
}
