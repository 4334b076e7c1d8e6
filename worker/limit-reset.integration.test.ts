import { createServer } from 'node:http'
import { afterAll, expect, it, vi } from 'vitest'
import { pool } from '@/server/db/pool'
import { setVariables } from '@/server/env'
import { cancelExecution } from '@/server/executions/cancel-execution'
import { previewRetry } from '@/server/executions/preview-retry'
import { startExecution } from '@/server/executions/start-execution'
import { listen } from '@/server/http/testing/connector'
import { startEngine } from './testing/start-engine'

const engine = await startEngine('postgresql')
setVariables({ PAGETURNER_ALLOW_HOSTS: 'localhost:*,127.0.0.1:*', PAGETURNER_SECRET_API_KEY: 'open-sesame' })

/** Says how many requests are left, as it is told to. */
const api = { headers: {} as Record<string, string>, asked: 0 }
const { origin, close } = await listen(
  createServer((_request, response) => {
    api.asked += 1
    response.writeHead(200, { 'content-type': 'application/json', ...api.headers }).end('{"data":[1]}')
  }),
  'http',
)
afterAll(close)

const secondsUntil = (at: string | undefined): number => (Date.parse(at ?? '') - Date.now()) / 1000

it('knows the reset from the last good answer, when that left nothing', async () => {
  api.headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '120' }
  const id = await engine.run(playbook('["a"]', ''))
  const { limit_resets: resets } = await previewRetry(id, { scope: 'all' })
  expect(secondsUntil(resets?.at)).toBeGreaterThan(110)
  expect(secondsUntil(resets?.at)).toBeLessThan(121)
  expect(resets?.because).toBe('the API, in an answer with 200')
  api.headers = { 'x-ratelimit-remaining': '9', 'x-ratelimit-reset': '120' }
  expect((await previewRetry(await engine.run(playbook('["a"]', '')), { scope: 'all' })).limit_resets).toBeNull()
})

it('knows the reset of the rate limit of a step, by what all workers have used of it', async () => {
  Object.assign(api, { headers: {}, asked: 0 })
  const { executionId: id } = await startExecution({
    content: playbook('["a", "b", "c"]', 'rate_limit: { requests: 2, per: 300 }'),
    trigger: { type: 'test' },
  })
  await vi.waitFor(
    async () => {
      const { rows } = await pool().query<{ status: string }>(
        'SELECT status FROM noetl.iteration WHERE execution_id = $1 ORDER BY iteration_index',
        [id],
      )
      expect(rows.map(({ status }) => status).toSorted()).toEqual(['COMPLETED', 'COMPLETED', 'WAITING'])
    },
    { timeout: 30_000, interval: 20 },
  )
  await cancelExecution(id)
  const { limit_resets: resets, at_least_requests: requests } = await previewRetry(id, { scope: 'failed' })
  expect(requests).toBe(1)
  expect(resets?.because).toBe('rate_limit of step "start": 2 in 300 s')
  expect(secondsUntil(resets?.at)).toBeGreaterThan(280)
  expect(secondsUntil(resets?.at)).toBeLessThan(301)
})

const playbook = (names: string, limit: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: test, path: tests/limited }
workflow:
  - step: start
    tool: http
    url: "${origin}/{{ name }}"
    headers: { x-key: "{{ secret.API_KEY }}" }
    loop: { collection: ${names}, element: name, mode: async, concurrency: 3 }
    paginate: { type: none, items: data }
    ${limit}
`
