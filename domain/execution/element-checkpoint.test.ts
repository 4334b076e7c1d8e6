import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { toCheckpoint, fromCheckpoint } from './element-checkpoint'
import { errorPolicy, httpStep, onSuccess, paginate } from './testing/http-step'
import { runScenario, type Answer, type Scenario } from './testing/run-scenario'
import { rows } from './testing/scripted-api'

/** The same values each time: what a change is refused for must be the change. */
fc.configureGlobal({ seed: 20_261_124 })

const steps = [
  httpStep({ pagination: paginate('page', { dedupe: 'id', stop: { maxItems: 12 } }) }),
  httpStep({ pagination: paginate('offset', { limit: 3, stop: { totalItemsPath: 'total' } }) }),
  httpStep({ pagination: paginate('cursor', { onPageError: 'stop' }) }),
  httpStep({ pagination: paginate('next_url', { items: null }) }),
  httpStep({ pagination: paginate('last_record', { loopGuard: 'token' }) }),
  httpStep({
    pagination: paginate('page', { onPageError: 'skip', filter: '{{ item.id % 2 == 1 }}', stop: { maxPages: 5 } }),
  }),
  httpStep({
    method: 'POST',
    json: { q: 1 },
    retry: { onError: [errorPolicy({ maxAttempts: 2 })] },
    pagination: onSuccess({
      while: '{{ response.next is not none }}',
      maxAttempts: 6,
      nextCall: { json: { token: '{{ response.next }}' } },
    }),
  }),
]

const good = fc.record({
  data: fc
    .tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 }))
    .map(([from, count]) => rows(from, count)),
  next: fc.oneof(fc.constant(null), fc.constantFrom('a', 'b', 'c', '?p=2', '/x'), fc.integer({ min: 0, max: 3 })),
  total: fc.integer({ min: 0, max: 20 }),
})
const answer: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 8, arbitrary: good.map((json): Answer => ({ json })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Answer>({ status: 500, text: 'x' }, { status: 404, text: 'x' }, { none: 'network' }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Answer>({ status: 429, headers: { 'retry-after': '3' }, text: 'x' }, { text: '' }),
  },
)

describe('a checkpoint', () => {
  test('taken and read back at any point changes neither requests nor results', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...steps),
        fc.array(answer, { minLength: 1, maxLength: 12 }),
        fc.array(fc.boolean(), { maxLength: 40 }),
        (step, answers, restarts) => {
          const scenario: Scenario = { step, script: (_, n) => answers[n] ?? { status: 404, text: 'end' } }
          const whole = runScenario(scenario)
          const torn = runScenario(scenario, (n) => restarts[n] ?? true)
          expect(torn.requests).toEqual(whole.requests)
          expect(torn.pages).toEqual(whole.pages)
          expect(torn.attempts).toEqual(whole.attempts)
          expect(torn.events).toEqual(whole.events)
          expect(toCheckpoint(torn.state)).toEqual(toCheckpoint(whole.state))
        },
      ),
      { numRuns: 300 },
    )
  }, 60_000)

  test('stays as small on page 200 as on page 2', () => {
    const sizeAfter = (pages: number): number => {
      const script = (_: unknown, n: number): Answer => ({ json: { data: rows(n * 2, 2), next: `t${n}` } })
      const { state } = runScenario({
        step: httpStep({ pagination: paginate('cursor', { stop: { maxPages: pages } }) }),
        script,
      })
      return JSON.stringify(toCheckpoint(state)).length
    }
    expect(sizeAfter(200) - sizeAfter(2)).toBeLessThan(20)
  })

  test('holds the name of a secret and never its value', () => {
    const step = httpStep({
      pagination: onSuccess({ while: '{{ response.more }}', nextCall: { headers: { 'X-Key': 'k-{{ secret.KEY }}' } } }),
    })
    const secrets = { KEY: 'hush-hush' }
    const script: Answer[] = [{ json: { data: [], more: true } }, { status: 404, text: 'no' }]
    const { state, requests } = runScenario({ step, script, secrets }, () => true)
    expect(requests[1]?.headers['x-key']).toBe('k-hush-hush')
    expect(JSON.stringify(toCheckpoint(state))).not.toContain('hush')
  })

  test('keeps a token with NUL and half a surrogate pair in a form that jsonb takes as it is', () => {
    const next = 'a\0b\ud800'
    const step = httpStep({ pagination: paginate('cursor', { in: 'header', param: 'x-cursor' }) })
    const script: Answer[] = [{ json: { data: rows(1, 1), next } }, { status: 404, text: 'no' }]
    const { state, requests } = runScenario({ step, script }, () => true)
    expect(requests[1]?.headers['x-cursor']).toBe(next)
    const { open } = z.object({ open: z.array(z.object({ patch: z.unknown() })) }).parse(toCheckpoint(state))
    expect(JSON.stringify(open)).not.toMatch(/(?<!\\)(?:\\\\)*\\u(?:0000|d8)/)
  })

  test('takes an answer that looks like a secret for the data it is', () => {
    const step = httpStep({
      method: 'POST',
      json: {},
      pagination: onSuccess({ while: '{{ response.more }}', nextCall: { json: { echo: '{{ response.trap }}' } } }),
    })
    const trap = { $secret: [{ name: 'KEY' }], kind: 'secret_text', parts: [{ secret: 'KEY' }] }
    const script: Answer[] = [{ json: { data: [], more: true, trap } }, { json: { data: [], more: false } }]
    const { requests } = runScenario({ step, script, secrets: { KEY: 'hush-hush' } }, () => true)
    expect(JSON.parse(requests[1]?.body ?? '')).toEqual({ echo: trap })
  })

  test.each([
    [
      'a cursor inside the body',
      paginate('cursor', { in: 'json', param: 'variables.cursor' }),
      { variables: { first: 2 } },
      { variables: { cursor: 'a' } },
      'b',
      ['{"variables":{"first":2,"cursor":"a"}}', '{"variables":{"first":2,"cursor":"b"}}'],
    ],
    [
      'a token that is an object, no key of the one before left in the next',
      paginate('cursor', { in: 'json', param: 'start' }),
      { table: 't' },
      { start: { id: 2, sort: 'x' } },
      { id: 4 },
      ['{"table":"t","start":{"id":2,"sort":"x"}}', '{"table":"t","start":{"id":4}}'],
    ],
    [
      'a page number inside the body',
      paginate('page', { in: 'json', param: 'paging.page', stop: { totalItemsPath: 'total' } }),
      { paging: { size: 2 } },
      { paging: { page: 2 } },
      null,
      ['{"paging":{"size":2,"page":2}}', '{"paging":{"size":2,"page":3}}'],
    ],
  ])('of the form that merged tokens into a JSON body goes on with %s', (_, pagination, json, patch, next, sent) => {
    const stored = {
      status: 'running',
      progress: {
        pages: 1,
        items: 2,
        received: 2,
        duplicates: 0,
        retries: 0,
        bytes: 10,
        total: null,
        firstPageItems: 2,
        guessedPath: null,
        warnings: [],
      },
      open: [
        {
          page: 2,
          attempt: 1,
          failures: 0,
          token: pagination.type === 'page' ? 2 : null,
          patch: { json: patch },
          retryAt: null,
          afterSkip: false,
        },
      ],
    }
    const result = runScenario({
      step: httpStep({ method: 'POST', json, pagination }),
      script: (_request, count) => ({
        json: { data: rows(count * 2 + 3, 2), total: 6, ...(count === 0 ? { next } : {}) },
      }),
      from: fromCheckpoint(stored, ['c:page 1@1']),
    })
    expect(result.requests.map(({ body }) => body)).toEqual(sent)
    expect(result.items).toEqual(rows(3, 4))
    expect(result.state).toMatchObject({ status: 'completed', progress: { pages: 3, items: 6 } })
  })

  test('refuses what is not one', () => {
    expect(() => fromCheckpoint({ status: 'odd' }, [])).toThrow()
  })
})
