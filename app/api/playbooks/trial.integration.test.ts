import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DetectAnswer, TestAnswer } from '@/domain/api/playbook-test'
import { applyEdit } from '@/domain/playbook/text/text-patch'
import { pool } from '@/server/db/pool'
import { createTestDatabase } from '@/server/db/testing/create-test-database'
import { setVariables } from '@/server/env'
import { startSampleApi, type SampleApi } from '@/server/sample-api/sample-api'
import { callRoute } from '../testing/call-route'
import * as playbook from './[...path]/route'

let api: SampleApi

beforeAll(async () => {
  await createTestDatabase()
  api = await startSampleApi({ host: '127.0.0.1', port: 0 })
  setVariables({
    PAGETURNER_SAMPLE_PORT: String(api.port),
    PAGETURNER_SECRET_PAGINATED_API_URL: api.url,
    PAGETURNER_ALLOW_HOSTS: '127.0.0.1:*',
    PAGETURNER_SECRET_KEY_OF_API: 'a-key-nobody-may-see',
  })
})
afterAll(async () => api.close())

const textOf = (steps: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: trial, path: tests/trial }
workload:
  server: "{{ secret.PAGINATED_API_URL }}"
  endpoints: [{ name: assessments, size: 10 }, { name: users, size: 15 }]
workflow:
  - step: start
    next: [{ step: first }]
${steps}
  - step: end
`
const LOOPED = textOf(`  - step: first
    tool: http
    url: "{{ workload.server }}/api/v1/{{ endpoint.name }}"
    headers: { x-key: "{{ secret.KEY_OF_API }}" }
    params: { pageSize: "{{ endpoint.size }}" }
    paginate: { type: page, items: data, stop: { has_more_path: paging.hasMore } }
    loop: { collection: "{{ workload.endpoints }}", element: endpoint }
    next: [{ step: end }]`)
const single = (request: string): string =>
  textOf(`  - step: first
    tool: http
    url: "{{ workload.server }}${request}"
    next: [{ step: end }]`)

const ask = async (action: 'test' | 'detect', body: object): Promise<Response> =>
  callRoute(playbook, { method: 'POST', params: { path: [action] }, body })
const test = async (body: object): Promise<TestAnswer> => (await ask('test', { step: 'first', ...body })).json()
const detect = async (body: object): Promise<DetectAnswer> => (await ask('detect', { step: 'first', ...body })).json()
const refusal = async (action: 'test' | 'detect', body: object): Promise<[number, string]> => {
  const answer = await ask(action, { step: 'first', ...body })
  const { detail, hint } = await answer.json()
  return [answer.status, `${detail} ${hint ?? ''}`]
}

describe('the test of a step', () => {
  it('shows one page of one element: request, response, items, the next request', async () => {
    const answer = await test({ content: LOOPED, element_index: 1 })
    expect(answer).toMatchObject({
      element: { index: 1, label: 'users', count: 2, labels: ['assessments', 'users'] },
      page: 1,
      requests: 1,
      request: { method: 'GET', params: { pageSize: 15, page: 1 }, headers: { 'x-key': '•••' } },
      response: { status: 200, body_truncated: false, headers: { 'content-type': expect.stringContaining('json') } },
      items: { path: 'data', guessed: false, count: 15, received: 15 },
      decision: { rule: 'the API says there is more' },
      next: { page: 2, request: { params: { pageSize: 15, page: 2 } } },
      stop_reason: null,
      error: null,
      tries: [],
      waiting_until: null,
    })
    expect(answer.items?.rows).toHaveLength(15)
    expect(JSON.parse(answer.response?.body ?? '')).toMatchObject({ paging: { hasMore: true } })
    expect(JSON.stringify(answer)).not.toContain('a-key-nobody-may-see')
  })

  it('follows the pages up to the one asked for, and ends where the element does', async () => {
    const second = await test({ content: LOOPED, page: 2 })
    expect(second).toMatchObject({ page: 2, requests: 2, request: { params: { page: 2 } }, items: { count: 10 } })
    const beyond = await test({ content: LOOPED, page: 10 })
    expect(beyond).toMatchObject({
      page: 4,
      requests: 4,
      next: null,
      stop_reason: 'has_more_false',
      items: { count: 5 },
    })
    const [status, words] = await refusal('test', { content: LOOPED, page: 11 })
    expect([status, words]).toEqual([422, expect.stringContaining('at most 10 pages')])
  })

  it('records nothing', async () => {
    await test({ content: LOOPED })
    const { rows } = await pool().query('SELECT count(*)::int AS executions FROM noetl.execution')
    expect(rows).toEqual([{ executions: 0 }])
  })

  it('tries again as a run does, and says so', async () => {
    const content = single('/api/v1/flaky?page=1&fail_on=1&key=trial').replace(
      '    next: [{ step: end }]',
      '    retry: { on_error: { when: "{{ error.status == 500 }}", max_attempts: 2, initial_delay: 0.01 } }\n    next: [{ step: end }]',
    )
    const answer = await test({ content })
    expect(answer).toMatchObject({ requests: 2, stop_reason: 'single_page', response: { status: 200 } })
    expect(answer.tries).toMatchObject([{ page: 1, attempt: 1, error: { kind: 'http_error', status: 500 } }])
  })

  it('gives the error that a run would end with, with what came back', async () => {
    const missing = await test({ content: single('/api/v1/nothing') })
    expect(missing).toMatchObject({
      error: { kind: 'http_error', status: 404, hint: expect.stringContaining('check the url') },
      response: { status: 404, body: expect.stringContaining('no endpoint') },
      items: null,
    })
    const wrong = await test({ content: LOOPED.replace('items: data', 'items: rows') })
    expect(wrong.error).toMatchObject({ kind: 'items_path_missing', message: expect.stringContaining('data') })
    const long = single('/api/v1/flaky?page=1&fail_on=1&key=long').replace(
      '    next: [{ step: end }]',
      '    retry: { on_error: { when: "{{ error.status == 500 }}", initial_delay: 60 } }\n    next: [{ step: end }]',
    )
    expect(await test({ content: long })).toMatchObject({ error: null, waiting_until: expect.any(String), requests: 1 })
  })

  it('takes inputs as a run takes them: as data', async () => {
    const workload = { endpoints: [{ name: 'users', size: 3 }] }
    expect(await test({ content: LOOPED, workload })).toMatchObject({ element: { count: 1 }, items: { count: 3 } })
  })

  it.each([
    [
      'a step that needs others',
      {
        content: textOf(`  - step: first
    tool: http
    url: "{{ workload.server }}/api/v1/users"
    next: [{ step: second }]
  - step: second
    tool: http
    url: "{{ workload.server }}/api/v1/users"
    params: { after: "{{ first.stats.items }}" }
    loop: { collection: "{{ first.results }}", element: row }
    next: [{ step: end }]`),
        step: 'second',
      },
      'needs the result of the step "first"',
    ],
    ['a step that isn’t there', { content: LOOPED, step: 'nope' }, 'has no step "nope". Steps to test: first.'],
    ['a step without a request', { content: LOOPED, step: 'start' }, 'sends no request'],
    [
      'an element that isn’t there',
      { content: LOOPED, element_index: 2 },
      'the index of an element goes from 0 to 1; it is 2',
    ],
    ['an empty collection', { content: LOOPED, workload: { endpoints: [] } }, 'is empty'],
    ['a broken playbook', { content: LOOPED.replace('step: end }', 'step: ende }') }, 'ende'],
    ['a missing secret', { content: LOOPED.replace('KEY_OF_API', 'UNKNOWN') }, 'secret.UNKNOWN'],
  ])('refuses %s with what is wrong', async (_what, body, words) => {
    const [status, said] = await refusal('test', body)
    expect([status, said]).toEqual([422, expect.stringContaining(words)])
  })
})

describe('the detection of a pagination', () => {
  it('proves a way by a second page and gives the edit that writes it down', async () => {
    const content = single('/api/v1/events?limit=5')
    const answer = await detect({ content })
    expect(answer).toMatchObject({
      proved: true,
      choice: { type: 'cursor', path: expect.any(String), param: 'cursor' },
      pages: [
        { page: 1, status: 200, items: 5 },
        { page: 2, status: 200, items: 5 },
      ],
      reason: null,
    })
    expect(answer.evidence.at(-1)).toBe('page 2 has 5 items, none of them among the 5 of page 1')
    expect(answer.yaml).toMatch(/^paginate:\n {2}type: cursor\n/)
    if (answer.edit === null) throw new Error('no edit')
    const written = applyEdit(content, answer.edit)
    expect(written).toContain('    paginate:\n      type: cursor\n')
    const ran = await test({ content: written, page: 10 })
    expect(ran).toMatchObject({ page: 7, stop_reason: 'no_next' })
  })

  it('tells which guesses a second page refused, and why', async () => {
    const skipping = createServer(({ url }, answer) => {
      const skip = Number(new URL(url ?? '', 'http://skipping').searchParams.get('offset') ?? 0)
      answer.setHeader('content-type', 'application/json')
      answer.end(JSON.stringify({ rows: [{ id: skip + 1 }, { id: skip + 2 }], total: 6 }))
    })
    await new Promise<void>((resolve) => skipping.listen(0, '127.0.0.1', resolve))
    try {
      const content = single('/').replace('{{ workload.server }}', `http://127.0.0.1:${portOf(skipping)}`)
      const answer = await detect({ content })
      expect(answer).toMatchObject({ proved: true, choice: { type: 'offset', param: 'offset' } })
      expect(answer.refused).toMatchObject([
        { choice: { type: 'page', start: 0 }, why: '2 of the 2 items it gives were on page 1' },
        { choice: { type: 'page', start: 1 }, why: '2 of the 2 items it gives were on page 1' },
      ])
    } finally {
      skipping.close()
    }
  })

  it('writes nothing where the first answer is all there is', async () => {
    const answer = await detect({ content: single('/api/v1/assessments?total=3') })
    expect(answer).toMatchObject({ proved: false, choice: null, yaml: null, edit: null })
    expect(answer.reason).toContain('the first answer is all there is')
  })

  it('completes what stands beside type: auto', async () => {
    const content = single('/api/v1/users').replace(
      '    next: [{ step: end }]',
      '    paginate: { type: auto, stop: { max_pages: 3 } } # mine\n    next: [{ step: end }]',
    )
    const { edit } = await detect({ content })
    if (edit === null) throw new Error('no edit')
    expect(applyEdit(content, edit)).toMatch(/paginate: \{ type: \w+, stop: \{ max_pages: 3, .*\}.* # mine\n/)
  })

  it('does not overwrite what the author has said, and tells an API’s refusal', async () => {
    expect(await refusal('detect', { content: LOOPED })).toEqual([
      422,
      expect.stringContaining('says already how it pages: paginate with type: page'),
    ])
    expect(await detect({ content: single('/api/v1/nothing') })).toMatchObject({
      proved: false,
      reason: expect.stringContaining('answered 404'),
    })
  })
})

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
