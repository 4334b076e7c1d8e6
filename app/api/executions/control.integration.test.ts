import { beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '@/server/db/testing/create-test-database'
import { seedExecution } from '@/server/executions/testing/seed-execution'
import { callRoute } from '../testing/call-route'
import * as cancel from './[id]/cancel/route'
import * as pause from './[id]/pause/route'
import * as resume from './[id]/resume/route'
import * as retry from './[id]/retry/route'

beforeAll(createTestDatabase)

const post = async (route: Record<string, unknown>, id: string, body: unknown = {}) => {
  const answer = await callRoute(route, { method: 'POST', params: { id }, body })
  return { status: answer.status, body: await answer.json() }
}

describe('control over an execution', () => {
  it('answers with the status that the execution has now', async () => {
    const id = await seedExecution()
    expect(await post(pause, id)).toEqual({ status: 202, body: { execution_id: id, status: 'PAUSED' } })
    expect(await post(resume, id)).toEqual({ status: 202, body: { execution_id: id, status: 'RUNNING' } })
    expect(await post(cancel, id)).toEqual({ status: 202, body: { execution_id: id, status: 'CANCELLED' } })
  })

  it('says why it refuses', async () => {
    const id = await seedExecution({ status: 'COMPLETED' })
    for (const [route, detail] of [
      [cancel, 'has ended already (completed)'],
      [pause, 'has ended already (completed)'],
      [resume, 'is not paused (completed)'],
    ] as const) {
      expect(await post(route, id)).toMatchObject({
        status: 409,
        body: { code: 'conflict', detail: expect.stringContaining(detail) },
      })
      expect((await post(route, '999999')).status).toBe(404)
    }
    const running = await seedExecution()
    expect(await post(retry, running, { scope: 'failed' })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('has not ended yet') },
    })
    const unreadable = await seedExecution({ status: 'FAILED' })
    for (const scope of ['failed', 'all']) {
      expect(await post(retry, unreadable, { scope })).toMatchObject({
        status: 409,
        body: { detail: expect.stringContaining('can not be read by this version'), hint: expect.any(String) },
      })
    }
    expect(await post(retry, id, { scope: 'iteration' })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'index' }] },
    })
  })

  it('previews a retry, and asks for the index of one element', async () => {
    const id = await seedExecution({ status: 'FAILED' })
    const get = (query: string) => callRoute(retry, { params: { id }, query })
    expect(await (await get('?scope=failed')).json()).toEqual({
      elements: 0,
      pages_kept: 0,
      at_least_requests: 0,
      limit_resets: null,
      new_execution: false,
      version: 1,
      newest_version: null,
      beside: null,
      workload: null,
    })
    expect((await get('?scope=iteration')).status).toBe(422)
    for (const index of ['', '%20', '1e2', '0x1', '-1', '1.5']) {
      const refused = await get(`?scope=iteration&index=${index}`)
      expect([refused.status, await refused.json()]).toMatchObject([422, { errors: [{ path: 'index' }] }])
    }
    expect((await get('?scope=page')).status).toBe(422)
  })
})
