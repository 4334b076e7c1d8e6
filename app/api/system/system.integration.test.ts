import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '@/server/db/testing/create-test-database'
import { seedExecution } from '@/server/executions/testing/seed-execution'
import { registerPlaybook } from '@/server/playbooks/register-playbook'
import { retain } from '@/server/retention/retain'
import { closeQueueConnection, migrateQueue } from '@/server/queue/connection'
import { closeQueues } from '@/server/queue/enqueue'
import { callRoute } from '../testing/call-route'
import * as retention from '../playbook-retention/[...path]/route'
import * as system from './route'

const PATH = 'tests/api/kept'
const params = { path: PATH.split('/') }

beforeAll(async () => {
  await createTestDatabase()
  await migrateQueue()
  await registerPlaybook(`apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: kept, path: ${PATH} }
workflow:
  - { step: start, next: [{ step: end }] }
  - { step: end }
`)
})
afterAll(async () => {
  await closeQueues()
  await closeQueueConnection()
})

describe('retention over HTTP', () => {
  it('keeps everything until told otherwise, and previews a limit before it is saved', async () => {
    for (let n = 0; n < 3; n++) await seedExecution({ status: 'COMPLETED', path: PATH })
    await retain()
    const before = await (await callRoute(retention, { params })).json()
    expect(before).toMatchObject({ path: PATH, keep_days: null, keep_runs: null, preview: null, removed: [] })
    expect(before.stored).toMatchObject({ executions: 3 })

    const previewed = await (await callRoute(retention, { params, query: '?keep_runs=1' })).json()
    expect(previewed).toMatchObject({ keep_runs: null, preview: { executions: 2, at_least: false } })
    expect(previewed.preview.bytes).toBeGreaterThan(0)

    const saved = await callRoute(retention, { method: 'PUT', params, body: { keep_days: null, keep_runs: 1 } })
    expect(await saved.json()).toMatchObject({ keep_runs: 1 })
    expect(await retain()).toBe(2)
    const after = await (await callRoute(retention, { params })).json()
    expect(after).toMatchObject({ stored: { executions: 1 }, removed: [{ executions: 2 }] })
  })

  it('refuses a limit that makes no sense, and a playbook that is not there', async () => {
    const put = async (body: unknown): Promise<number> =>
      (await callRoute(retention, { method: 'PUT', params, body })).status
    expect(await put({ keep_days: 0, keep_runs: null })).toBe(422)
    expect(await put({ keep_days: 1.5, keep_runs: null })).toBe(422)
    expect(await put({ keep_days: 1 })).toBe(422)
    expect((await callRoute(retention, { params, query: '?keep_days=0' })).status).toBe(422)
    const nowhere = { path: ['no', 'such'] }
    expect((await callRoute(retention, { params: nowhere })).status).toBe(404)
    const body = { keep_days: 1, keep_runs: null }
    expect((await callRoute(retention, { method: 'PUT', params: nowhere, body })).status).toBe(404)
  })
})

describe('GET /api/system', () => {
  it('answers 200 with every part, also where one is missing', async () => {
    const answer = await callRoute(system)
    expect(answer.status).toBe(200)
    const { ready, checks, workers, queues, database, playbooks } = await answer.json()
    expect(ready).toBe(false)
    expect(checks).toContainEqual(expect.objectContaining({ part: 'worker', ok: false, remedy: expect.any(String) }))
    expect(workers).toEqual([])
    expect(queues).toContainEqual({ name: 'element', waiting: 0, active: 0, delayed: 0 })
    expect(database.bytes).toBeGreaterThan(1_000_000)
    expect(playbooks).toContainEqual(
      expect.objectContaining({
        path: PATH,
        executions: 1,
        keep_runs: 1,
        removed: expect.objectContaining({ executions: 2 }),
      }),
    )
  })
})
