import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase } from '@/server/db/testing/create-test-database'
import { readExecution } from '@/server/executions/read-execution'
import { startExecution } from '@/server/executions/start-execution'
import { registerPlaybook } from '@/server/playbooks/register-playbook'
import { closeQueueConnection, migrateQueue } from '@/server/queue/connection'
import { closeQueues } from '@/server/queue/enqueue'
import * as retry from './executions/[id]/retry/route'
import * as hook from './hooks/[token]/route'
import * as executions from './executions/[id]/route'
import * as notices from './notices/route'
import * as run from './run/playbook/route'
import * as schedules from './schedules/route'
import { callRoute } from './testing/call-route'
import * as webhooks from './webhooks/route'

beforeAll(async () => {
  await createTestDatabase()
  await migrateQueue()
})
afterAll(async () => {
  await closeQueues()
  await closeQueueConnection()
})

const BIG = '18446744073709551616'
const CONTENT = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: exact, path: tests/exact }
workload: { id: 1, own: [${BIG}] }
workflow:
  - { step: start, tool: postgres, statement: SELECT 1 }
`

async function workloadOf(answer: Response): Promise<Record<string, unknown>> {
  expect(answer.status).toBe(202)
  const { execution_id: id } = await answer.json()
  return (await readExecution(id)).workload
}

it('keeps integers beyond 2^53 of a run and of a retry digit for digit', async () => {
  const body = `{"content": ${JSON.stringify(CONTENT)}, "workload": {"id": ${BIG}, "in": {"list": [-9007199254740993, 7, 1.5]}}}`
  const kept = { id: BIG, in: { list: ['-9007199254740993', 7, 1.5] }, own: [BIG] }
  expect(await workloadOf(await callRoute(run, { method: 'POST', body }))).toEqual(kept)
  const { executionId: id } = await startExecution({ content: CONTENT, trigger: { type: 'test' } })
  const again = `{"scope": "all", "workload": {"id": ${BIG}}}`
  expect(await workloadOf(await callRoute(retry, { method: 'POST', params: { id }, body: again }))).toEqual({
    id: BIG,
    own: [BIG],
  })
})

it("shows the playbook's own integers beyond 2^53 before a retry and in the run", async () => {
  const { executionId: id } = await startExecution({ content: CONTENT, trigger: { type: 'test' } })
  const preview = await callRoute(retry, { params: { id }, query: '?scope=all' })
  expect(preview.status).toBe(200)
  expect((await preview.json()).workload).toEqual({ id: 1, own: [BIG] })
  expect((await (await callRoute(executions, { params: { id } })).json()).workload).toEqual({ id: 1, own: [BIG] })
})

it('keeps those of a webhook and of a schedule', async () => {
  const { path } = await registerPlaybook(CONTENT)
  const made = await callRoute(webhooks, { method: 'POST', body: { path, name: 'exact', inputs: ['id'] } })
  const { token } = await made.json()
  const called = await callRoute(hook, { method: 'POST', params: { token }, body: `{"id": ${BIG}, "n": [${BIG}]}` })
  expect(await workloadOf(called)).toMatchObject({ id: BIG, webhook: { id: BIG, n: [BIG] } })
  const scheduled = await callRoute(schedules, {
    method: 'POST',
    body: `{"path": "${path}", "cron": "@daily", "workload": {"id": ${BIG}}}`,
  })
  expect((await scheduled.json()).workload).toEqual({ id: BIG })
})

it.each([
  ['an integer where none is kept', run, `{"path": "tests/exact", "version": ${BIG}}`, 'version', BIG],
  ['an unknown key', notices, `{"url": {"deep": [1, ${BIG}]}}`, 'url.deep.1', BIG],
  ['a number beyond all doubles', run, '{"path": "a", "workload": {"x": [1e400]}}', 'workload.x.0', 'too large'],
])('refuses with its place what can not be kept: %s', async (_what, route, body, path, words) => {
  const answer = await callRoute(route, { method: 'POST', body })
  expect(answer.status).toBe(422)
  const { errors } = await answer.json()
  expect(errors).toEqual([{ path, message: expect.stringContaining(words) }])
})

it('refuses a number beyond all doubles from a webhook', async () => {
  const { path } = await registerPlaybook(CONTENT)
  const { token } = await (await callRoute(webhooks, { method: 'POST', body: { path, name: 'large' } })).json()
  expect((await callRoute(hook, { method: 'POST', params: { token }, body: '{"x": -1e999}' })).status).toBe(422)
})
