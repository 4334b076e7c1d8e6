import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { HttpRequest } from '../http-message'
import { initialState, nextAction, recordOutcome } from './element'
import { fromCheckpoint, toCheckpoint } from './element-checkpoint'
import { compileElementPlan, type ElementPlan } from './element-plan'
import type { PageRecord } from './element-records'
import type { ElementState } from './element-state'
import { errorPolicy, httpStep, paginate } from './testing/http-step'
import { itemsOf, outcomeOf, type Answer } from './testing/run-scenario'

const NOW = new Date('2026-01-01T00:00:00Z')

/** Runs an element to its end; `pick` says which of the pages in flight comes in next. */
function runToEnd(
  plan: ElementPlan,
  answer: (request: HttpRequest) => Answer,
  pick: (flights: number) => number,
): { state: ElementState; items: unknown[] } {
  let state: ElementState = initialState(plan)
  const flights: { page: number; request: HttpRequest }[] = []
  const pages: PageRecord[] = []
  for (let turn = 0; turn < 1_000; turn += 1) {
    const action = nextAction(plan, state, NOW, new Set(flights.map(({ page }) => page)))
    if (action.do === 'stop') return { state, items: pages.flatMap(itemsOf) }
    if (action.do === 'request') {
      flights.push(action)
      continue
    }
    const [landed] = flights.splice(pick(flights.length), 1)
    if (landed === undefined) throw new Error('nothing is in flight and nothing can be started')
    const outcome = outcomeOf(answer(landed.request), landed.request, NOW)
    const recorded = recordOutcome(plan, state, { page: landed.page, outcome, now: NOW, random: 0 })
    if (recorded.page !== null) pages.push(recorded.page)
    state = fromCheckpoint(
      toCheckpoint(recorded.state),
      pages.flatMap(({ fingerprints }) => fingerprints),
    )
  }
  throw new Error('it does not end')
}

const api = fc.record({
  total: fc.integer({ min: 0, max: 60 }),
  /** Offsets of the API count from here. */
  base: fc.constantFrom(0, 1),
  /** How many items it gives, by the offset: it caps pages as it likes. */
  sizes: fc.array(fc.integer({ min: 1, max: 14 }), { minLength: 1, maxLength: 8 }),
  failsAt: fc.option(fc.integer({ min: 0, max: 60 }), { nil: null }),
  hasIds: fc.boolean(),
})
const asked = fc.record({
  limit: fc.option(fc.integer({ min: 1, max: 12 }), { nil: null }),
  start: fc.constantFrom(0, 1, 10),
  parallel: fc.integer({ min: 1, max: 5 }),
  maxPages: fc.option(fc.integer({ min: 1, max: 9 }), { nil: null }),
  onPageError: fc.constantFrom('fail' as const, 'skip' as const, 'stop' as const),
  stop: fc.constantFrom({ totalItemsPath: 'total' }, { hasMorePath: 'more' }, {}),
})

test('offsets of a server that caps its pages bring no item twice, and lose none without a word', () => {
  fc.assert(
    fc.property(api, asked, fc.array(fc.nat(7), { minLength: 1, maxLength: 20 }), (given, how, order) => {
      const start = given.base === 1 ? 1 : how.start
      const { parallel, limit, onPageError, maxPages } = how
      const step = httpStep({
        pagination: paginate('offset', { start, parallel, limit, onPageError, stop: { ...how.stop, maxPages } }),
        retry: { onError: [errorPolicy({ maxAttempts: 1 })] },
      })
      const plan = compileElementPlan({ step, index: 0, scope: {}, secrets: new Map() })
      const answer = ({ url }: HttpRequest): Answer => {
        const at = Number(new URL(url).searchParams.get('offset')) - given.base
        if (at === given.failsAt) return { status: 400, json: {} }
        const most = given.sizes[at % given.sizes.length] ?? 1
        const size = Math.max(0, Math.min(most, limit ?? most, given.total - at))
        const data = Array.from({ length: size }, (_, n) => (given.hasIds ? { id: at + n } : { name: at + n }))
        return { json: { data, total: given.total, more: at + size < given.total } }
      }
      let turn = 0
      const { state, items } = runToEnd(plan, answer, (flights) => (order[turn++ % order.length] ?? 0) % flights)
      const numbers = items.map((item) => Number(Object.values(Object(item))[0])).toSorted((a, b) => a - b)
      expect(new Set(numbers).size).toBe(numbers.length)
      if (state.status !== 'completed') return
      const told = state.progress.warnings.filter(({ kind }) => kind !== 'server_page_size_differs')
      const before = start - given.base
      const all = Array.from({ length: Math.max(0, given.total - before) }, (_, n) => n + before)
      if (told.length === 0) expect(numbers).toEqual(all)
      // Where nothing is left out, nothing is warned of.
      if (given.failsAt === null && maxPages === null) expect(told).toEqual([])
    }),
    { numRuns: 1_000, seed: 20_261_130 },
  )
})
