import { skippedItems, type Verdict } from '../pagination/decide-next'
import { placeToken } from '../pagination/place-token'
import { reconcile } from '../pagination/reconcile'
import type { StopReason } from '../pagination/stop-reason'
import { goOnAhead } from './element-ahead'
import { addWarnings } from './element-facts'
import { countedPage, freshPage, pagesInAll, pause } from './element-page'
import type { ElementPlan } from './element-plan'
import type { ElementProgress, ElementState, OpenPage, RunningState } from './element-state'

type Ending = Extract<Verdict, { stop: StopReason }>

/** The state that goes on past a page without its answer, or why there is none. */
export function afterSkipped(
  plan: ElementPlan,
  state: RunningState,
  { open, now }: { open: OpenPage; now: Date },
): ElementState | string {
  const others = state.open.filter((each) => each !== open)
  if (state.ahead !== null)
    return goOnAhead(plan, { ...state, open: others, ahead: state.ahead }, { open, reading: null, now })
  const { stop } = plan.paginator
  const counted = pageAfter(plan, state.progress, open)
  if (counted === null) return "this page can't be skipped: without its answer the next page is unknown"
  if (counted.isBlind)
    return 'the first page is not skipped where nothing says where the end is: set `max_pages`, a total or `has_more_path`'
  const isLimit = stop.maxPages !== null && open.page >= stop.maxPages
  if (isLimit || counted.isPastEnd) {
    const verdict: Ending = isLimit
      ? { stop: 'max_pages', rule: `max_pages ${stop.maxPages}`, more: counted.isPastEnd !== true }
      : { stop: 'total_reached', rule: 'the totals', more: false }
    return endAtSkipped(plan, state, { page: open.page, verdict })
  }
  if (open.afterSkip && counted.isPastEnd === null && stop.maxPages === null)
    return 'two pages in a row failed and nothing says where the end is, so skipping stops here'
  const { token, patch } = counted
  return {
    ...state,
    open: [...others, { ...freshPage(open.page + 1, { token, patch, retryAt: pause(plan, now) }), afterSkip: true }],
  }
}

/** The page after one without an answer; `isPastEnd` by the totals, null where there are none. A server that caps the page makes offsets go by what it gives. */
function pageAfter(
  plan: ElementPlan,
  progress: ElementProgress,
  open: OpenPage,
): (NonNullable<ReturnType<typeof countedPage>> & { isPastEnd: boolean | null; isBlind?: boolean }) | null {
  const { source, place, stop } = plan.paginator
  if (source.type !== 'page' && source.type !== 'offset') return null
  const { firstPageItems, total } = progress
  const pageSize = Math.min(source.limit ?? Infinity, firstPageItems === 0 ? Infinity : (firstPageItems ?? Infinity))
  if (source.type === 'page') {
    const pages = pageSize === Infinity ? null : pagesInAll(plan, progress, pageSize)
    const counted = countedPage(plan, open.page + 1, pageSize)
    const ends = [stop.maxPages, stop.hasMorePath, stop.totalItemsPath, stop.totalItemsHeader, stop.totalPagesPath]
    const isBlind = firstPageItems === null && source.limit === null && ends.every((end) => end === null)
    return counted && { ...counted, isPastEnd: pages === null ? null : open.page >= pages, isBlind }
  }
  if (pageSize === Infinity) return null
  const token = Number(open.token ?? source.start) + pageSize
  const behind = token - source.start + skippedItems(source, pageSize)
  return { token, patch: placeToken(place, source.param, token), isPastEnd: total === null ? null : behind >= total }
}

/** What the totals say about a run whose last page was left out is told as after a page that came. */
function endAtSkipped(
  { paginator }: ElementPlan,
  { progress, seen }: RunningState,
  { page, verdict }: { page: number; verdict: Ending },
): ElementState {
  const { total, totalPages, received, duplicates } = progress
  const firstPageItems = progress.firstPageItems ?? 0
  const compared = {
    page,
    pageItems: Math.max(1, firstPageItems),
    firstPageItems,
    received: received - duplicates,
    signals: { hasMore: null, total, totalPages },
    next: { kind: 'none' as const, shown: '', hasMore: null },
  }
  const warnings = addWarnings(progress.warnings, reconcile(paginator, compared, verdict), page)
  return { status: 'completed', stopReason: verdict.stop, progress: { ...progress, warnings }, seen }
}
