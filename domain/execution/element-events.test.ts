import { describe, expect, test } from 'vitest'
import { httpStep, paginate } from './testing/http-step'
import { runScenario } from './testing/run-scenario'
import { rows } from './testing/scripted-api'

describe('page_fetched', () => {
  const result = runScenario({
    step: httpStep({
      url: 'https://api.test/items?lang=en',
      params: { key: '{{ secret.KEY }}' },
      pagination: paginate('page', { stop: { hasMorePath: 'more' } }),
    }),
    secrets: { KEY: 'hush-hush' },
    script: [{ json: { data: rows(1, 2), more: true } }, { json: { data: rows(3, 1), more: false } }],
  })

  test('tells the request without its secrets, what came, and the next request', () => {
    expect(result.events[0]).toEqual({
      event_type: 'page_fetched',
      status: 'COMPLETED',
      node_name: 'fetch',
      iteration_index: 0,
      page: 1,
      attempt: 1,
      context: {
        request: { method: 'GET', url: 'https://api.test/items', params: { lang: 'en', key: '•••', page: 1 } },
        http_status: 200,
        items: 2,
        bytes: 40,
        started_at: '2026-01-01T00:00:00.000Z',
        duration_ms: 5,
        next: {
          rule: 'the API says there is more',
          values: { received: 2, has_more: true, token: '2' },
          request: { params: { page: 2 } },
        },
        warnings: [],
      },
    })
  })

  test('tells the reason to stop and the rule it came from', () => {
    expect(result.events[1]?.context).toMatchObject({
      stop_reason: 'has_more_false',
      next: { rule: 'has_more_path', stop_reason: 'has_more_false' },
    })
    expect(result.events[1]?.context['next']).not.toHaveProperty('request')
  })

  test('and everything else that is recorded is free of secrets', () => {
    expect(result.requests[0]?.url).toContain('hush-hush')
    expect(JSON.stringify([result.events, result.pages, result.attempts])).not.toContain('hush-hush')
  })

  test('shows a guessed path of the items', () => {
    const { events } = runScenario({ step: httpStep(), script: [{ json: { results: [1] } }] })
    expect(events[0]?.context).toMatchObject({ items_path: 'results', items_guessed: true })
  })

  test('stays small whatever the API sends', () => {
    const long = 'x'.repeat(500_000)
    const { events } = runScenario({
      step: httpStep({ method: 'POST', params: { long }, pagination: paginate('cursor', { in: 'json' }) }),
      script: [{ json: { data: rows(1, 1), next: long } }, { status: 404, json: { [long]: long } }],
    })
    expect(Math.max(...events.map((event) => JSON.stringify(event.context).length))).toBeLessThan(32_000)
  })
})

describe('page_retry', () => {
  const { events, attempts } = runScenario({
    step: httpStep(),
    script: [{ status: 429, headers: { 'retry-after': '7' }, text: 'slow down' }, { json: { data: [] } }],
  })

  test('tells the error, the wait and where the wait comes from', () => {
    expect(events[0]).toMatchObject({
      event_type: 'page_retry',
      status: 'RUNNING',
      attempt: 1,
      context: {
        error: { kind: 'http_error', status: 429, page: 1, attempt: 1, message: 'page 1 answered 429: slow down' },
        delay_ms: 7000,
        reason: 'Retry-After: 7',
        next_attempt_at: '2026-01-01T00:00:07.000Z',
        http_status: 429,
      },
    })
  })

  test('leaves the failed try with its answer, and the page with the number of the try that held', () => {
    expect(attempts).toMatchObject([{ attempt: 1, status: 429, bodyText: 'slow down', delayMs: 7000 }])
    expect(events[1]).toMatchObject({ event_type: 'page_fetched', attempt: 2 })
  })
})

describe('a page row', () => {
  test('holds the body as it came, and items only where they are not simply in it', () => {
    const text = '{ "data": [ {"id": 9007199254740993} ] }'
    const plain = runScenario({ step: httpStep({ pagination: paginate('none') }), script: [{ text }] }).pages[0]
    expect(plain).toMatchObject({ body: text, itemsPath: ['data'], items: null, itemCount: 1 })
    const cut = runScenario({
      step: httpStep({ pagination: paginate('none', { filter: '{{ item.id > 1 }}', items: 'data[*]' }) }),
      script: [{ text: '{"data":[{"id":1},{"id":9007199254740993}]}' }],
    })
    expect(cut.pages[0]?.items).toBe('[{"id":9007199254740993}]')
  })

  test('holds NDJSON as a list', () => {
    const { pages } = runScenario({ step: httpStep({ response: 'ndjson' }), script: [{ text: '{"id":1}\n{"id":2}' }] })
    expect(pages[0]).toMatchObject({ body: '[{"id":1},{"id":2}]', itemsPath: [], itemCount: 2 })
  })
})
