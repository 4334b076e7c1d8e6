import { createServer } from 'node:http'
import { afterAll, expect, it } from 'vitest'
import { pool } from '@/server/db/pool'
import { setVariables } from '@/server/env'
import { callerKey } from '@/server/executions/caller-key'
import { previewRetry } from '@/server/executions/preview-retry'
import { readExecution } from '@/server/executions/read-execution'
import { retryRun } from '@/server/executions/retry-run'
import { startExecution } from '@/server/executions/start-execution'
import { listen } from '@/server/http/testing/connector'
import { registerPlaybook } from '@/server/playbooks/register-playbook'
import { eventsOf, startEngine, statusOf, stepRow, untilEnded } from './testing/start-engine'

const engine = await startEngine('postgresql')
setVariables({ PAGETURNER_ALLOW_HOSTS: 'localhost:*,127.0.0.1:*' })

/** One page at any path; names in `broken` answer 500 unless the request says `fixed`. */
const api = { asked: [] as string[], broken: new Set<string>() }
const { origin, close } = await listen(
  createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://api')
    const name = url.pathname.slice(1)
    api.asked.push(`${name}${url.search}`)
    const isBroken = api.broken.has(name) && !url.searchParams.has('fixed')
    response
      .writeHead(isBroken ? 500 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ data: [{ id: name }] }))
  }),
  'http',
)
afterAll(close)

it('runs the whole run again as an execution of its own, linked both ways', async () => {
  const id = await engine.run(playbook(), { names: ['x', 'y'] })
  await registerPlaybook(playbook('params: { fixed: 1 }'))
  expect(await previewRetry(id, { scope: 'all' })).toMatchObject({
    elements: 2,
    pages_kept: 0,
    at_least_requests: 2,
    new_execution: true,
    version: null,
    newest_version: expect.any(Number),
    workload: { names: ['x', 'y'], extra: 'own' },
  })
  const again = await retry(id, { scope: 'all' })
  expect(again).not.toBe(id)
  expect(api.asked).toEqual(['x', 'y'])
  expect(await readExecution(again)).toMatchObject({
    status: 'COMPLETED',
    retried_from: { execution_id: id, scope: 'all' },
    retried_by: [],
    workload: { names: ['x', 'y'] },
  })
  expect(await readExecution(id)).toMatchObject({
    retried_from: null,
    retried_by: [{ execution_id: again, status: 'COMPLETED', scope: 'all' }],
  })
  const [started] = await eventsOf(again)
  expect(started?.context).toMatchObject({ trigger: { type: 'retry', execution_id: id, scope: 'all', version: 'ran' } })
})

it('takes the newest version with its own defaults, and the inputs that the run was given', async () => {
  const id = await engine.run(playbook(), { names: ['x'] })
  const { version } = await registerPlaybook(playbook('params: { fixed: 2 }', 'extra: changed'))
  expect(await previewRetry(id, { scope: 'all', version: 'newest' })).toMatchObject({
    version,
    workload: { names: ['x'], extra: 'changed' },
  })
  const again = await retry(id, { scope: 'all', version: 'newest' })
  expect(api.asked).toEqual(['x?fixed=2'])
  expect(await readExecution(again)).toMatchObject({ version, workload: { names: ['x'], extra: 'changed' } })
})

it('takes inputs that were changed, as data', async () => {
  const id = await engine.run(playbook())
  const again = await retry(id, { scope: 'all', workload: { names: ['z'], extra: '{{ secret.NOT_THERE }}' } })
  expect(await statusOf(again)).toBe('COMPLETED')
  expect(api.asked).toEqual(['z'])
})

it('retries only the elements that failed with the newest version, as an execution of its own', async () => {
  api.broken = new Set(['b', 'd'])
  const id = await engine.run(playbook(), { names: ['a', 'b', 'c', 'd'] })
  expect(await stepRow(id, 'fetch')).toMatchObject({ completed: 2, failed: 2 })
  await registerPlaybook(playbook('params: { fixed: 3 }').replace('[names]', '[other]'))
  expect(await previewRetry(id, { scope: 'failed', version: 'newest' })).toMatchObject({
    elements: 2,
    pages_kept: 0,
    at_least_requests: 2,
    new_execution: true,
  })
  const again = await retry(id, { scope: 'failed', version: 'newest' })
  expect(api.asked).toEqual(['b?fixed=3', 'd?fixed=3'])
  expect(await stepRow(again, 'fetch')).toMatchObject({ status: 'COMPLETED', completed: 2, failed: 0 })
  expect(await statusOf(id)).toBe('COMPLETED')
  expect(await stepRow(id, 'fetch')).toMatchObject({ completed: 2, failed: 2 })
  const once = await retry(id, { scope: 'iteration', index: 3, version: 'newest' })
  expect(api.asked).toEqual(['d?fixed=3'])
  expect(await readExecution(once)).toMatchObject({ retried_from: { execution_id: id, scope: 'iteration' } })
  // Of a run of some elements, the whole is those.
  await retry(once, { scope: 'all' })
  expect(api.asked).toEqual(['d?fixed=3'])
})

it('asks in a retry of a retry for no more than that one was for', async () => {
  const two = (broken: string): string =>
    `${playbook('', 'second: [p, q]')}    next: [{ step: then }]
  - step: then
    tool: http
    url: "${origin}/{{ name }}${broken}"
    loop: { collection: "{{ workload.second }}", element: name, on_failure: continue }
    retry: { max_attempts: 1 }
`
  api.broken = new Set(['b', 'q'])
  const id = await engine.run(two(''), { names: ['a', 'b', 'c'] })
  await registerPlaybook(two(''))
  api.broken = new Set(['q'])
  const once = await retry(id, { scope: 'iteration', index: 1, step: 'fetch', version: 'newest' })
  expect(api.asked).toEqual(['b', 'p', 'q'])
  await registerPlaybook(two('?fixed=1'))
  expect(await previewRetry(once, { scope: 'failed', version: 'newest' })).toMatchObject({ at_least_requests: 2 })
  await retry(once, { scope: 'failed', version: 'newest' })
  expect(api.asked).toEqual(['b', 'q?fixed=1'])
})

it('finds an element that was corrected by its name', async () => {
  const named = (path: string): string =>
    playbook()
      .replace('"{{ workload.names }}"', `[{ name: good, path: p }, { name: bad, path: ${path} }]`)
      .replace('/{{ name }}', '/{{ name.path }}')
  api.broken = new Set(['typo'])
  const id = await engine.run(named('typo'))
  expect(await stepRow(id, 'fetch')).toMatchObject({ completed: 1, failed: 1 })
  await registerPlaybook(named('right'))
  const again = await retry(id, { scope: 'failed', version: 'newest' })
  expect(api.asked).toEqual(['right'])
  expect(await statusOf(again)).toBe('COMPLETED')
})

it('says why it can not', async () => {
  api.broken = new Set()
  const id = await engine.run(playbook(), { names: ['a'] })
  await expect(retryRun(id, { scope: 'failed', version: 'newest' })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('Nothing failed'),
  })
  const unsaved = await engine.run(playbook().replace('tests/anew', 'tests/never-saved'))
  await expect(retryRun(unsaved, { scope: 'all', version: 'newest' })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('No version of "tests/never-saved" is saved'),
  })
  api.broken = new Set(['a'])
  const failed = await engine.run(playbook(), { names: ['a'] })
  await registerPlaybook(playbook().replaceAll('step: fetch', 'step: renamed'))
  await expect(retryRun(failed, { scope: 'failed', version: 'newest' })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('has no such step any more'),
  })
  await registerPlaybook(playbook().replace('"{{ workload.names }}"', '[other]'))
  const gone = await retry(failed, { scope: 'failed', version: 'newest' })
  expect(await readExecution(gone)).toMatchObject({
    status: 'FAILED',
    error: { message: expect.stringContaining('None of the 1 elements') },
  })
  await expect(retryRun('999999', { scope: 'all' })).rejects.toMatchObject({ code: 'not_found' })
})

it('gives one execution for one Idempotency-Key, however many ask at once', async () => {
  const id = await engine.run(playbook(), { names: ['x'] })
  const answers = await Promise.all(Array.from({ length: 20 }, () => retryRun(id, { scope: 'all' }, 'retry-once')))
  const ids = new Set(answers.map((answer) => answer.execution_id))
  expect(ids.size).toBe(1)
  const { rows } = await pool().query('SELECT FROM noetl.execution WHERE retried_from = $1', [id])
  expect(rows).toHaveLength(1)
})

it('answers a key again when what it asked for could not be planned any more', async () => {
  api.broken = new Set(['a'])
  const id = await engine.run(playbook(), { names: ['a'] })
  await registerPlaybook(playbook())
  const ask = { scope: 'failed', version: 'newest' } as const
  const first = await retryRun(id, ask, 'asked-twice')
  await registerPlaybook(playbook().replaceAll('step: fetch', 'step: renamed'))
  await expect(retryRun(id, ask)).rejects.toMatchObject({ code: 'conflict' })
  expect((await retryRun(id, ask, 'asked-twice')).execution_id).toBe(first.execution_id)
})

it('refuses a key that has started something else, and starts nothing', async () => {
  const { executionId } = await startExecution({
    content: playbook(),
    trigger: { type: 'test' },
    idempotencyKey: callerKey('of-a-run'),
  })
  await untilEnded(executionId)
  await expect(retryRun(executionId, { scope: 'all' }, 'of-a-run')).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(`has started execution ${executionId}, which is no retry of`),
  })
  const { rows } = await pool().query('SELECT FROM noetl.execution WHERE retried_from = $1', [executionId])
  expect(rows).toHaveLength(0)
})

async function retry(id: string, request: Parameters<typeof retryRun>[1]): Promise<string> {
  api.asked = []
  const { execution_id: again } = await retryRun(id, request)
  await untilEnded(again)
  return again
}

const playbook = (request = '', workload = 'extra: own'): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: test, path: tests/anew }
workload: { names: [one], ${workload} }
workflow:
  - { step: start, next: [{ step: fetch }] }
  - step: fetch
    tool: http
    url: "${origin}/{{ name }}"
    loop: { collection: "{{ workload.names }}", element: name, on_failure: continue }
    retry: { max_attempts: 1 }
    ${request}
`
