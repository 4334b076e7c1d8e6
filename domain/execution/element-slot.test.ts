import { describe, expect, test } from 'vitest'
import { nextAction, initialState, recordOutcome } from './element'
import { fromCheckpoint, toCheckpoint } from './element-checkpoint'
import { compileElementPlan } from './element-plan'
import { mostPauseMs, notAskedFor, pageWithoutSlot, tellNextPage, withSlot } from './element-slot'
import { errorPolicy, httpStep, paginate } from './testing/http-step'
import { outcomeOf, type Answer } from './testing/run-scenario'

const START = Date.parse('2026-01-01T00:00:00Z')
const at = (ms: number): Date => new Date(START + ms)
const plan = compileElementPlan({
  step: httpStep({ pagination: paginate('page') }),
  index: 0,
  scope: {},
  secrets: new Map(),
})
const waiting = withSlot(initialState(plan), 1, { at: at(5_000), waitedMs: 5_000 })

const record = (state: typeof waiting, answer: Answer, now: Date) => {
  const action = nextAction(plan, state, now)
  if (action.do !== 'request') throw new Error(`not a request but ${action.do}`)
  return recordOutcome(plan, state, {
    page: action.page,
    outcome: outcomeOf(answer, action.request, now),
    now,
    random: 0,
  })
}

describe('a slot of a rate limit', () => {
  test("is waited for, and is the page's own from then on", () => {
    expect(nextAction(plan, initialState(plan), at(0))).toMatchObject({ do: 'request', hasSlot: false })
    expect(nextAction(plan, waiting, at(4_999))).toEqual({ do: 'wait', until: at(5_000) })
    expect(nextAction(plan, waiting, at(5_000))).toMatchObject({ do: 'request', hasSlot: true })
  })

  test('survives a restart, and is lost when it was not used in time', () => {
    const restored = fromCheckpoint(JSON.parse(JSON.stringify(toCheckpoint(waiting))), [])
    expect(nextAction(plan, restored, at(5_100))).toMatchObject({ do: 'request', hasSlot: true })
    expect(nextAction(plan, restored, at(5_300))).toMatchObject({ do: 'request', hasSlot: false })
  })

  test('is for one try: another try of the page, and the next page, need one of their own', () => {
    const failed = record(waiting, { status: 503, text: 'no' }, at(5_000))
    expect(nextAction(plan, failed.state, at(60_000))).toMatchObject({ do: 'request', attempt: 2, hasSlot: false })
    const good = record(waiting, { json: { data: [1] } }, at(5_000))
    expect(nextAction(plan, good.state, at(5_000))).toMatchObject({ do: 'request', page: 2, hasSlot: false })
    expect(good.events[0]?.context).toMatchObject({ waited_ms: 5_000 })
  })

  test('counts as no failed try', () => {
    expect(waiting.progress.retries).toBe(0)
    expect(nextAction(plan, waiting, at(5_000))).toMatchObject({ attempt: 1 })
  })
})

describe('a page that is not asked for, because the limit resets too late', () => {
  const afterPause = (onPageError: 'fail' | 'skip' | 'stop') => {
    const patient = compileElementPlan({
      step: httpStep({
        pagination: paginate('page', { onPageError, stop: { totalItemsPath: 'total' } }),
        retry: { onError: [errorPolicy({ when: 'true', maxWait: 60 }), errorPolicy({ when: 'true', maxWait: 600 })] },
      }),
      index: 0,
      scope: {},
      secrets: new Map(),
    })
    expect(mostPauseMs(patient)).toBe(600_000)
    const first = record(initialState(patient), { json: { data: [1], total: 9 } }, at(0))
    const outcome = notAskedFor(patient, 7_200_000, at(1))
    return recordOutcome(patient, first.state, { page: 2, outcome, now: at(1), random: 0 })
  }

  test.each(['fail', 'skip'] as const)('fails the element at once with on_page_error: %s', (onPageError) => {
    const { state, attempt } = afterPause(onPageError)
    expect(state).toMatchObject({
      status: 'failed',
      error: {
        kind: 'wait_too_long',
        page: 2,
        attempt: 1,
        message: expect.stringMatching(/not asked for.*7200 s.*600 s/),
      },
      progress: { pages: 1, items: 1, warnings: [] },
    })
    expect(attempt).toMatchObject({ page: 2, status: null, delayMs: null })
  })

  test('fails it as well where an answer asks for such a wait, since the pages after it would meet it too', () => {
    const skipping = compileElementPlan({
      step: httpStep({ pagination: paginate('page', { onPageError: 'skip', stop: { totalItemsPath: 'total' } }) }),
      index: 0,
      scope: {},
      secrets: new Map(),
    })
    const first = record(initialState(skipping), { json: { data: [1], total: 9 } }, at(0))
    const busy: Answer = { status: 429, headers: { 'retry-after': '7200' } }
    const request = nextAction(skipping, first.state, at(1))
    if (request.do !== 'request') throw new Error(request.do)
    const outcome = outcomeOf(busy, request.request, at(1))
    const { state } = recordOutcome(skipping, first.state, { page: 2, outcome, now: at(1), random: 0 })
    expect(state).toMatchObject({
      status: 'failed',
      error: { kind: 'wait_too_long', page: 2 },
      progress: { items: 1, warnings: [] },
    })
  })

  test('ends it with on_page_error: stop, and says that there is more', () => {
    expect(afterPause('stop').state).toMatchObject({
      status: 'completed',
      stopReason: 'page_error',
      progress: { items: 1, warnings: [{ kind: 'more_available' }] },
    })
  })
})

describe('the event of a page', () => {
  test('says when the next one is due, where that is more than a second away', () => {
    const { state, ...rest } = record(initialState(plan), { json: { data: [1] } }, at(0))
    expect(pageWithoutSlot(state, at(0))).toBe(2)
    const later = withSlot(state, 2, { at: at(3_000), waitedMs: 3_000 })
    expect(pageWithoutSlot(later, at(0))).toBeNull()
    const told = tellNextPage({ ...rest, state: later }, at(0))
    expect(told.events[0]?.context).toMatchObject({ next_at: '2026-01-01T00:00:03.000Z' })
    expect(tellNextPage({ ...rest, state: later }, at(2_500)).events[0]?.context).not.toHaveProperty('next_at')
  })
})
