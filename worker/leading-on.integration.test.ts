import { createServer } from 'node:http'
import { afterAll, expect, it } from 'vitest'
import { setVariables } from '@/server/env'
import { readExecution } from '@/server/executions/read-execution'
import { readSnapshot } from '@/server/executions/read-snapshot'
import { retryExecution } from '@/server/executions/retry-execution'
import { listen } from '@/server/http/testing/connector'
import { startEngine, storyOf, untilEnded } from './testing/start-engine'

const engine = await startEngine('postgresql')
setVariables({ PAGETURNER_ALLOW_HOSTS: 'localhost:*,127.0.0.1:*' })

const { origin, close } = await listen(
  createServer((_request, response) => {
    setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end('[1]'), 400)
  }),
  'http',
)
afterAll(close)

/** `slow` has no pages yet when `count` leads on by them. */
const PLAYBOOK = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: test, path: tests/leading_on }
workflow:
  - { step: start, next: [{ step: slow }, { step: count }] }
  - { step: slow, tool: http, url: "${origin}" }
  - step: count
    tool: postgres
    statement: SELECT 1
    next: [{ step: end, when: "{{ slow.stats.pages == 1 }}" }]
  - { step: end }
`

const steps = async (id: string): Promise<Record<string, string>[]> => {
  const [{ view }, { steps: stored }] = [await readSnapshot(id), await readExecution(id)]
  return [
    Object.fromEntries(stored.map(({ step, status }) => [step, status])),
    Object.fromEntries(
      view.steps.filter(({ startedAt }) => startedAt !== null).map(({ name, status }) => [name, status]),
    ),
  ]
}

it('says why a step could not lead on, also when another one ended after it, and leads on in a retry', async () => {
  const id = await engine.run(PLAYBOOK)
  expect(await readExecution(id)).toMatchObject({
    status: 'FAILED',
    error: { kind: 'template', message: expect.stringMatching(/^Step "count" failed: .*slow/) },
  })
  const failed = { start: 'COMPLETED', slow: 'COMPLETED', count: 'FAILED' }
  expect(await steps(id)).toEqual([failed, failed])
  const before = (await storyOf(id)).length
  await retryExecution(id, { scope: 'failed' })
  await untilEnded(id)
  // Only where it leads is decided again.
  expect((await storyOf(id)).slice(before)).toEqual([
    'playbook_resumed',
    'step_started end',
    'step_result end',
    'playbook_completed',
  ])
  const completed = { start: 'COMPLETED', slow: 'COMPLETED', count: 'COMPLETED', end: 'COMPLETED' }
  expect(await steps(id)).toEqual([completed, completed])
  expect((await readExecution(id)).steps.every(({ error }) => error === undefined)).toBe(true)
})
