import { placeToken } from '../pagination/place-token'
import type { PageReading } from '../pagination/read-page'
import { mergePatches } from '../pagination/request-draft'
import { addWarnings } from './element-facts'
import type { ElementPlan } from './element-plan'
import type { CompletedState, OpenPage, PagesAhead, RunningState } from './element-state'

type Read = { open: OpenPage; reading: PageReading; now: Date }

/** Where an element goes after a page that was read: to the pages the verdict or the total opens, or to its end. */
export function goOn(plan: ElementPlan, state: RunningState, read: Read): RunningState | CompletedState {
  const { open, reading, now } = read
  const others = state.open.filter(({ page }) => page !== open.page)
  const { verdict, next } = reading
  if (state.ahead !== null) return goOnAhead(plan, { ...state, open: others, ahead: state.ahead }, read)
  if (verdict.stop !== null)
    return { status: 'completed', stopReason: verdict.stop, progress: state.progress, seen: state.seen }
  if (next === null) return { ...state, open: others }
  const ahead = planAhead(plan, state, read)
  if (ahead !== null) return fillWindow(plan, { ...state, open: others, ahead }, now)
  const { token, patch } = next
  return { ...state, open: [...others, freshPage(open.page + 1, { token, patch, retryAt: pause(plan, now) })] }
}

/** A page that was not asked for yet. */
export const freshPage = (page: number, rest: Pick<OpenPage, 'token' | 'patch' | 'retryAt'>): OpenPage => ({
  page,
  attempt: 1,
  failures: 0,
  waitedMs: null,
  afterSkip: false,
  ...rest,
})

/** The earliest moment of the next page, by `interval`. */
export const pause = (plan: ElementPlan, now: Date): Date | null =>
  plan.paginator.intervalMs === 0 ? null : new Date(now.getTime() + plan.paginator.intervalMs)

/** The page with this number, found by counting: only page numbers and offsets can be. */
export function countedPage(
  plan: ElementPlan,
  page: number,
  pageSize: number,
): Pick<OpenPage, 'token' | 'patch'> | null {
  const { source, place } = plan.paginator
  if (source.type !== 'page' && source.type !== 'offset') return null
  const token = source.type === 'page' ? source.start + page - 1 : source.start + (page - 1) * pageSize
  return { token, patch: placeToken(place, source.param, token) }
}

/** After page 1: the pages that a known total leaves, when they may be fetched in any order. */
function planAhead(plan: ElementPlan, { progress }: RunningState, { open, reading }: Read): PagesAhead | null {
  const { paginator } = plan
  const { stop } = paginator
  const needsOrder =
    paginator.dedupe !== null ||
    stop.maxItems !== null ||
    stop.when !== null ||
    stop.itemWhen !== null ||
    paginator.intervalMs > 0
  const pageSize = reading.pageItems
  if (
    paginator.parallel < 2 ||
    open.page !== 1 ||
    needsOrder ||
    pageSize === 0 ||
    countedPage(plan, 2, pageSize) === null
  )
    return null
  const pages = reading.totalPages ?? (progress.total === null ? null : Math.ceil(progress.total / pageSize))
  if (pages === null) return null
  return { next: 2, last: Math.min(pages, stop.maxPages ?? pages), pageSize }
}

/** Among pages fetched at once the last one to come in ends the run, and totals are compared only then. */
function goOnAhead(
  plan: ElementPlan,
  state: RunningState & { ahead: PagesAhead },
  read: Read,
): RunningState | CompletedState {
  const filled = fillWindow(plan, state, read.now)
  if (filled.open.length > 0) return filled
  const { seen, ahead } = state
  const { received, total } = state.progress
  const isLimited = plan.paginator.stop.maxPages !== null && ahead.last >= plan.paginator.stop.maxPages
  if (total === null || received === total) {
    return { status: 'completed', stopReason: 'total_reached', progress: state.progress, seen }
  }
  const kind = isLimited && received < total ? ('more_available' as const) : ('total_mismatch' as const)
  const note = { kind, message: `the API counts ${total} items, ${received} came from ${ahead.last} pages` }
  const progress = { ...state.progress, warnings: addWarnings(state.progress.warnings, [note], read.open.page) }
  return { status: 'completed', stopReason: kind === 'more_available' ? 'max_pages' : 'total_reached', progress, seen }
}

function fillWindow(plan: ElementPlan, state: RunningState & { ahead: PagesAhead }, now: Date): RunningState {
  const open = [...state.open]
  let { next } = state.ahead
  while (open.length < plan.paginator.parallel && next <= state.ahead.last) {
    const counted = countedPage(plan, next, state.ahead.pageSize)
    if (counted === null) break
    open.push(
      freshPage(next, { token: counted.token, patch: mergePatches({}, counted.patch), retryAt: pause(plan, now) }),
    )
    next++
  }
  return { ...state, open, ahead: { ...state.ahead, next } }
}
