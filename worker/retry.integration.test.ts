import { createServer } from 'node:http'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { setVariables } from '@/server/env'
import { listen } from '@/server/http/testing/connector'
import { eventsOf, startEngine, statusOf } from './testing/start-engine'

type Answer = { status: number; json?: unknown; headers?: Record<string, string> }

const engine = await startEngine('postgresql')
setVariables({ PAGETURNER_ALLOW_HOSTS: 'localhost:*' })

const GOOD: Answer = { status: 200, json: { data: [1] } }
let script: Answer[] = []
let requests: string[] = []
const server = await listen(
  createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    const { status, json, headers } = script.shift() ?? GOOD
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json ?? {}))
  }),
  'http',
)
afterAll(server.close)
beforeEach(() => {
  requests = []
})

/** Runs one http step with these lines against these answers. */
async function run(lines: string, answers: Answer[]) {
  script = answers
  const id = await engine.run(`
apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: retried, path: tests/retried }
workflow:
  - step: start
    tool: http
    url: "${server.origin}/items"
${lines.replaceAll(/^/gm, '    ')}
`)
  const events = await eventsOf(id)
  const retries = events.filter(({ event_type }) => event_type === 'page_retry')
  const failed = events.find(({ event_type }) => event_type === 'step_failed')
  return {
    status: await statusOf(id),
    delays: retries.map(({ context }) => context['delay_ms']),
    reasons: retries.map(({ context }) => context['reason']),
    error: failed?.context['error'],
  }
}

const status = (code: number, json?: unknown): Answer => ({ status: code, json })

describe("NoETL's older flat form", () => {
  const FLAT = `retry:
  max_attempts: 4
  initial_delay: 0.1
  backoff_multiplier: 2
  max_delay: 0.15
  jitter: false
  retry_when: "{{ status_code >= 500 or data.code == 'BUSY' }}"
  stop_when: "{{ status_code == 501 or attempt > 3 }}"`

  it('tries again while retry_when holds, with growing and capped delays', async () => {
    const { status: end, delays } = await run(FLAT, [status(503), status(409, { code: 'BUSY' }), status(500), GOOD])
    expect(end).toBe('COMPLETED')
    expect(delays).toEqual([100, 150, 150])
  })

  it('ends at once where retry_when does not hold', async () => {
    const { error } = await run(FLAT, [status(409, { code: 'GONE' })])
    expect(error).toMatchObject({ kind: 'http_error', status: 409 })
    expect(requests).toHaveLength(1)
  })

  it('ends as soon as stop_when holds, though retry_when does', async () => {
    const { error } = await run(FLAT, [status(503), status(501)])
    expect(error).toMatchObject({ kind: 'http_error', status: 501 })
    expect(requests).toHaveLength(2)
  })

  it('ends after max_attempts tries', async () => {
    const { error } = await run(
      FLAT.replace(' or attempt > 3', ''),
      [503, 503, 503, 503].map((code) => status(code)),
    )
    expect(error).toMatchObject({ kind: 'retry_exhausted', message: expect.stringContaining('4 tries of page 1') })
    expect(requests).toHaveLength(4)
  })

  it('waits a random part of the delay with jitter', async () => {
    const { delays } = await run(FLAT.replace('jitter: false', 'jitter: true'), [status(500), status(500), GOOD])
    expect(delays).toHaveLength(2)
    expect(delays.every((delay) => typeof delay === 'number' && delay >= 0 && delay <= 150)).toBe(true)
  })

  it.each([
    ['retry: 2', 2, 'retry_exhausted'],
    ['retry: false', 1, 'http_error'],
  ])('has %s for a number of tries', async (lines, tries, kind) => {
    const { error } = await run(lines, [status(503), status(503), status(503)])
    expect(error).toMatchObject({ kind })
    expect(requests).toHaveLength(tries)
  })
})

describe('on_error', () => {
  it('matches over error and response, and on a good status what fail_when calls an error', async () => {
    const lines = `fail_when: "{{ response.code is defined }}"
retry:
  on_error:
    - { when: "{{ error.kind == 'api_error' and response.code == 'BUSY' }}", max_attempts: 3, initial_delay: 0.01 }`
    const busy = status(200, { code: 'BUSY' })
    expect(await run(lines, [busy, busy, GOOD])).toMatchObject({ status: 'COMPLETED', delays: [10, 20] })
    expect(await run(lines, [busy, status(200, { code: 'NO' })])).toMatchObject({
      status: 'FAILED',
      delays: [10],
      error: { kind: 'api_error' },
    })
  })

  it('sends a POST again only when asked to', async () => {
    const post = 'method: POST\njson: { q: 1 }\n'
    expect((await run(post, [status(503)])).error).toMatchObject({ kind: 'http_error' })
    expect(requests).toEqual(['POST /items'])
    const asked = `${post}retry: { on_error: { methods: [POST], initial_delay: 0.01 } }`
    expect((await run(asked, [status(503), GOOD])).status).toBe('COMPLETED')
    const others = `${post}retry: { on_error: { methods: [GET], initial_delay: 0.01 } }`
    expect((await run(others, [status(503)])).error).toMatchObject({ kind: 'http_error' })
  })

  it('waits what the API asks for, and calls it an error beyond max_wait', async () => {
    const lines = 'retry: { on_error: { max_wait: 1, initial_delay: 30 } }'
    const asks = (seconds: string): Answer => ({ status: 429, headers: { 'retry-after': seconds } })
    const waited = await run(lines, [asks('1'), GOOD])
    expect(waited).toMatchObject({ status: 'COMPLETED', delays: [1000], reasons: ['Retry-After: 1'] })
    const refused = await run(lines, [asks('2')])
    expect(refused.error).toMatchObject({ kind: 'wait_too_long', message: expect.stringContaining('max_wait of 1 s') })
    expect(requests).toHaveLength(3)
  })
})
