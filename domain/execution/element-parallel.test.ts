import { describe, expect, test } from 'vitest'
import type { HttpRequest } from '../http-message'
import { initialState, nextAction, recordOutcome, reopenFailed } from './element'
import { fromCheckpoint, toCheckpoint } from './element-checkpoint'
import { compileElementPlan, type ElementPlan } from './element-plan'
import type { ElementState } from './element-state'
import { httpStep, paginate } from './testing/http-step'
import { outcomeOf, runScenario, type Answer } from './testing/run-scenario'
import { pagedApi, offsetApi, rows } from './testing/scripted-api'

const NOW = new Date('2026-01-01T00:00:00Z')
const planOf = (pagination: ReturnType<typeof paginate>): ElementPlan =>
  compileElementPlan({ step: httpStep({ pagination }), index: 0, scope: {}, secrets: new Map() })

type Flight = { page: number; request: HttpRequest }

/** Starts all that may be started, lands the flight that `choose` picks, and so on to the end. */
function fly(plan: ElementPlan, answer: (request: HttpRequest) => Answer, choose: (flights: Flight[]) => number) {
  let state: ElementState = initialState(plan)
  const flights: Flight[] = []
  const pages: number[] = []
  let most = 0
  for (;;) {
    const action = nextAction(plan, state, NOW, new Set(flights.map(({ page }) => page)))
    if (action.do === 'stop') return { state, pages, most }
    if (action.do === 'request') {
      flights.push({ page: action.page, request: action.request })
      most = Math.max(most, flights.length)
      continue
    }
    const [landed] = flights.splice(choose(flights), 1)
    if (landed === undefined) throw new Error('nothing is in flight and nothing can be started')
    const outcome = outcomeOf(answer(landed.request), landed.request, NOW)
    const recorded = recordOutcome(plan, state, { page: landed.page, outcome, now: NOW, random: 0 })
    state = fromCheckpoint(toCheckpoint(recorded.state), [])
    if (recorded.page !== null) pages.push(recorded.page.page)
  }
}

const api =
  (script: ReturnType<typeof pagedApi>) =>
  (request: HttpRequest): Answer =>
    typeof script === 'function' ? script(request, 0) : {}
const last = (flights: Flight[]): number => flights.length - 1

describe('pages fetched at once', () => {
  test('keeps as many in flight as `parallel` allows, whatever comes in first', () => {
    const plan = planOf(paginate('page', { parallel: 3, stop: { totalItemsPath: 'total' } }))
    const { state, pages, most } = fly(plan, api(pagedApi(19, 2, () => ({ total: 19 }))), last)
    expect(most).toBe(3)
    expect(pages.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(state).toMatchObject({
      status: 'completed',
      stopReason: 'total_reached',
      progress: { items: 19, warnings: [] },
    })
  })

  test('counts offsets by the size of page 1', () => {
    const plan = planOf(paginate('offset', { parallel: 4, limit: 50, stop: { totalItemsPath: 'total' } }))
    const { state } = fly(plan, api(offsetApi(13, 3, () => ({ total: 13 }))), last)
    expect(state).toMatchObject({
      status: 'completed',
      progress: { pages: 5, items: 13, warnings: [{ kind: 'server_page_size_differs' }] },
    })
  })

  test('compares the total when all have come in', () => {
    const plan = planOf(paginate('page', { parallel: 2, stop: { totalItemsPath: 'total' } }))
    const { state } = fly(plan, api(pagedApi(5, 2, () => ({ total: 8 }))), () => 0)
    expect(state.progress.warnings.map(({ kind }) => kind)).toContain('total_mismatch')
  })

  test('ends at max_pages and says that there was more', () => {
    const plan = planOf(paginate('page', { parallel: 2, stop: { totalItemsPath: 'total', maxPages: 3 } }))
    const { state, pages } = fly(plan, api(pagedApi(50, 2, () => ({ total: 50 }))), last)
    expect(pages).toHaveLength(3)
    expect(state).toMatchObject({ stopReason: 'max_pages', progress: { warnings: [{ kind: 'more_available' }] } })
  })

  test('goes one after another where the total is unknown', () => {
    const plan = planOf(paginate('page', { parallel: 4 }))
    expect(fly(plan, api(pagedApi(4, 2)), last).most).toBe(1)
  })

  test('goes one after another where items must be counted in order', () => {
    const plan = planOf(paginate('page', { parallel: 4, stop: { totalItemsPath: 'total', maxItems: 5 } }))
    expect(fly(plan, api(pagedApi(10, 2, () => ({ total: 10 }))), last).most).toBe(1)
  })
})

describe('a failed element', () => {
  test('is opened again at the page that failed, and numbers its tries on', () => {
    const step = httpStep({ pagination: paginate('page') })
    const script = [{ json: { data: rows(1, 2) } }, { status: 404, text: 'gone' }]
    const failed = runScenario({ step, script })
    const plan = compileElementPlan({ step, index: 0, scope: {}, secrets: new Map() })
    const action = nextAction(plan, reopenFailed(failed.state), NOW)
    expect(action).toMatchObject({
      do: 'request',
      page: 2,
      attempt: 2,
      request: { url: 'https://api.test/items?page=2' },
    })
  })

  test('keeps what its finished pages hold', () => {
    const script = [{ json: { data: rows(1, 2) } }, { status: 404, text: 'gone' }]
    const { state } = runScenario({ step: httpStep({ pagination: paginate('page') }), script })
    expect(state).toMatchObject({
      status: 'failed',
      progress: { pages: 1, items: 2 },
      error: { kind: 'http_error', page: 2, attempt: 1, status: 404 },
    })
  })
})
