import { describe, expect, test } from 'vitest'
import type { HttpRequest } from '../http-message'
import { initialState, nextAction, recordOutcome } from './element'
import { fromCheckpoint, toCheckpoint } from './element-checkpoint'
import { compileElementPlan } from './element-plan'
import type { ElementState } from './element-state'
import { httpStep, onSuccess, paginate } from './testing/http-step'
import { outcomeOf } from './testing/run-scenario'

const NOW = new Date('2026-01-01T00:00:00Z')

/** The same two items whatever is asked for, each time with another content. */
const deaf = (_request: HttpRequest, count: number): object => ({
  data: [
    { id: 1, at: count },
    { id: 2, at: count },
  ],
})

/** Asks until the element ends, or for this many pages. */
function ask(
  pagination: ReturnType<typeof paginate> | ReturnType<typeof onSuccess>,
  answer: (request: HttpRequest, count: number) => unknown,
  most = 3_000,
): { state: ElementState; requests: number } {
  const plan = compileElementPlan({ step: httpStep({ pagination }), index: 0, scope: {}, secrets: new Map() })
  let state = initialState(plan)
  const left: string[] = []
  for (let requests = 0; requests < most; requests += 1) {
    const action = nextAction(plan, state, NOW)
    if (action.do !== 'request') return { state, requests }
    const outcome = outcomeOf({ json: answer(action.request, requests) }, action.request, NOW)
    const { page } = action
    const recorded = recordOutcome(plan, state, { page, outcome, now: NOW, random: 0 })
    left.push(...(recorded.page?.fingerprints.filter((print) => /^[pd]:/.test(print)) ?? []))
    state = fromCheckpoint(toCheckpoint(recorded.state), left)
  }
  return { state, requests: most }
}

describe('an API that has more for ever, and nothing in it', () => {
  test.each([
    ['page numbers with a flag', paginate('page', { stop: { emptyPage: false, hasMorePath: 'more' } })],
    ['offsets with a total', paginate('offset', { stop: { emptyPage: false, totalItemsPath: 'total' } })],
    [
      'next_call',
      onSuccess({ while: '{{ response.more }}', nextCall: { params: { page: '{{ response.page + 1 }}' } } }),
    ],
  ])('is a loop after a thousand empty pages in a row: %s', (_, pagination) => {
    const { state, requests } = ask(pagination, (_request, page) => ({ data: [], more: true, total: 9, page }))
    expect(requests).toBe(1_000)
    expect(state).toMatchObject({ status: 'failed', error: { kind: 'loop_detected', page: 1_000 } })
  })

  test('is none where a page with items is in between, or the guard is off', () => {
    const sparse = paginate('page', { stop: { emptyPage: false, hasMorePath: 'more' } })
    const some = ask(sparse, (_request, page) => ({ data: page % 900 === 899 ? [{ page }] : [], more: page < 1_999 }))
    expect(some).toMatchObject({ requests: 2_000, state: { status: 'completed', stopReason: 'has_more_false' } })
    const off = ask({ ...sparse, loopGuard: 'off' }, (_request, page) => ({ data: [], more: page < 1_199 }))
    expect(off).toMatchObject({ requests: 1_200, state: { status: 'completed' } })
  })

  test('is the business of its cursors, which do not come twice', () => {
    const cursors = paginate('cursor', { stop: { emptyPage: false } })
    const { state, requests } = ask(cursors, (_request, page) => ({ data: [], next: page < 1_199 ? `c${page}` : null }))
    expect(requests).toBe(1_200)
    expect(state).toMatchObject({ status: 'completed', stopReason: 'no_next' })
  })
})

describe('an API that gives the same items for ever, stamped anew', () => {
  test('is a loop after a thousand pages in a row', () => {
    const { state, requests } = ask(paginate('page'), deaf)
    expect(requests).toBe(1_001)
    expect(state).toMatchObject({ status: 'failed', error: { kind: 'loop_detected', page: 1_001 } })
  })

  test('is a loop where dedupe drops them all', () => {
    const { state, requests } = ask(paginate('page', { dedupe: 'id' }), deaf)
    expect(requests).toBe(1_001)
    expect(state).toMatchObject({ status: 'failed', error: { kind: 'loop_detected' }, progress: { items: 2 } })
  })

  test('is none where other items come in between', () => {
    const { state } = ask(paginate('page', { stop: { maxPages: 1_500 } }), (request, count) =>
      count === 700 ? { data: [{ id: 3 }, { id: 4 }] } : deaf(request, count),
    )
    expect(state).toMatchObject({ status: 'completed', stopReason: 'max_pages' })
  })
})
