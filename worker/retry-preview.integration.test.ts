import { createServer } from 'node:http'
import { afterAll, expect, it } from 'vitest'
import { setVariables } from '@/server/env'
import { previewRetry } from '@/server/executions/preview-retry'
import { retryExecution } from '@/server/executions/retry-execution'
import { listen } from '@/server/http/testing/connector'
import { registerPlaybook } from '@/server/playbooks/register-playbook'
import { startEngine, statusOf, untilEnded } from './testing/start-engine'

const engine = await startEngine('postgresql')
setVariables({ PAGETURNER_ALLOW_HOSTS: 'localhost:*,127.0.0.1:*' })

const api = { asked: 0 }
const { origin, close } = await listen(
  createServer((request, response) => {
    api.asked += 1
    const isBad = request.url === '/bad'
    response.writeHead(isBad ? 500 : 200, { 'content-type': 'application/json' }).end('[1]')
  }),
  'http',
)
afterAll(close)

const playbook = (path: string, step: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: test, path: ${path} }
workflow:
  - step: start
    ${step}
`
/** Completes, although one of its elements failed. */
const CHILD = playbook(
  'tests/preview-child',
  `tool: http
    url: "${origin}/{{ name }}"
    loop: { collection: [good, bad], element: name, on_failure: continue }
    retry: { max_attempts: 1 }`,
)

it('counts no request of a child that completed, which is not retried with the element that ran it', async () => {
  await registerPlaybook(CHILD)
  const id = await engine.run(
    playbook(
      'tests/preview-parent',
      `tool: playbook
    path: tests/preview-child
    loop: { collection: [1], element: n }
    sink: { tool: postgres, per: iteration, statement: SELECT 1 / 0 }`,
    ),
  )
  expect(await previewRetry(id, { scope: 'failed' })).toMatchObject({ elements: 1, at_least_requests: 0 })
  api.asked = 0
  await retryExecution(id, { scope: 'failed' })
  await untilEnded(id)
  expect(api.asked).toBe(0)
})

it('counts the pages that are kept where the sink of a whole loop failed, and no request', async () => {
  const loop = `tool: http
    url: "${origin}/{{ n }}"
    loop: { collection: [good, bad, fine], element: n, on_failure: continue }
    retry: { max_attempts: 1 }
    sink: { tool: postgres, statement: SELECT 1 / 0 }`
  const id = await engine.run(playbook('tests/preview-sink', loop.replace('good, bad, fine', 'good, fine')))
  expect(await previewRetry(id, { scope: 'failed' })).toMatchObject({
    elements: 0,
    pages_kept: 2,
    at_least_requests: 0,
  })
  const some = await engine.run(playbook('tests/preview-sink', loop))
  expect(await previewRetry(some, { scope: 'failed' })).toMatchObject({
    elements: 1,
    pages_kept: 2,
    at_least_requests: 1,
  })
})

it('refuses what a retry would refuse because nothing failed', async () => {
  const id = await engine.run(playbook('tests/preview-good', 'tool: http\n    url: "' + origin + '/good"'))
  expect(await statusOf(id)).toBe('COMPLETED')
  const nothing = { code: 'conflict', message: expect.stringContaining('nothing to retry') }
  for (const [request, refusal] of [
    [{ scope: 'failed' }, nothing],
    [{ scope: 'iteration', index: 0 }, nothing],
    [
      { scope: 'iteration', index: 7 },
      { code: 'not_found', message: expect.stringContaining('has no element 7') },
    ],
  ] as const) {
    for (const ask of [previewRetry, retryExecution]) await expect(ask(id, request)).rejects.toMatchObject(refusal)
  }
})
