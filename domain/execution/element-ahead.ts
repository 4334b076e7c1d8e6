import { isAllOf } from '../pagination/decide-next'
import { mergePatches } from '../pagination/request-draft'
import type { StopReason } from '../pagination/stop-reason'
import { addWarnings } from './element-facts'
import { countedPage, freshPage, pagesInAll, pause } from './element-page'
import type { ElementPlan } from './element-plan'
import type { CompletedState, ElementProgress, PagesAhead, RunningState } from './element-state'

type AheadState = RunningState & { ahead: PagesAhead }

/** From page `next` on: the pages that a known total leaves, when they may be fetched in any order. `pageSize`: the items page 1 brought. */
export function planAhead(
  plan: ElementPlan,
  progress: ElementProgress,
  { next, pageSize }: { next: number; pageSize: number },
): PagesAhead | null {
  const { paginator } = plan
  const { stop } = paginator
  const needsOrder =
    paginator.dedupe !== null ||
    stop.maxItems !== null ||
    stop.when !== null ||
    stop.itemWhen !== null ||
    paginator.intervalMs > 0
  if (paginator.parallel < 2 || needsOrder || pageSize === 0 || countedPage(plan, next, pageSize) === null) return null
  const pages = pagesInAll(plan, progress, pageSize)
  const last = pages === null ? 0 : Math.min(pages, stop.maxPages ?? pages)
  return last < next ? null : { next, last, pageSize }
}

/** Pages fetched at once: those that are next are opened, also what the totals have grown by; the last one to come in ends the run. */
export function goOnAhead(
  plan: ElementPlan,
  state: AheadState,
  read: { page: number; now: Date },
): RunningState | CompletedState {
  const { ahead, progress } = state
  const pages = ahead.stopReason === undefined ? (pagesInAll(plan, progress, ahead.pageSize) ?? 0) : 0
  const last = Math.max(ahead.last, Math.min(pages, plan.paginator.stop.maxPages ?? pages))
  const filled = fillWindow(plan, { ...state, ahead: { ...ahead, last } }, read.now)
  return filled.open.length > 0 ? filled : endAhead(plan, filled, read.page)
}

/** The end of an element at this page; among pages fetched at once those before it still come in. */
export function endAt(
  plan: ElementPlan,
  state: RunningState,
  end: { page: number; stopReason: StopReason },
): RunningState | CompletedState {
  const { progress, seen } = state
  const { page, stopReason } = end
  if (state.ahead === null) return { status: 'completed', stopReason, progress, seen }
  const open = state.open.filter((each) => each.page < page)
  const ended = { ...state, open, ahead: { ...state.ahead, next: page, last: page - 1, stopReason } }
  return open.length > 0 ? ended : endAhead(plan, ended, page)
}

/** Opens as many pages as may be in flight. */
export function fillWindow(plan: ElementPlan, state: AheadState, now: Date): AheadState {
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

/** Totals are compared only when all have come in. */
function endAhead(plan: ElementPlan, state: AheadState, page: number): CompletedState {
  const { ahead, progress, seen } = state
  const { received, total } = progress
  const pages = pagesInAll(plan, progress, ahead.pageSize) ?? 0
  const isLimited = ahead.stopReason === undefined && pages > ahead.last
  const isWhole = total === null || isAllOf(total, plan.paginator.source, { received, pageSize: ahead.pageSize })
  const stopReason = ahead.stopReason ?? (isLimited ? 'max_pages' : 'total_reached')
  if (isWhole && !isLimited) return { status: 'completed', stopReason, progress, seen }
  const counted = total === null ? `${pages} pages` : `${total} items`
  const note = {
    kind: isLimited ? ('more_available' as const) : ('total_mismatch' as const),
    message: `the API counts ${counted}, ${received} items came from ${ahead.last} pages`,
  }
  const warnings = addWarnings(progress.warnings, [note], page)
  return { status: 'completed', stopReason, progress: { ...progress, warnings }, seen }
}
