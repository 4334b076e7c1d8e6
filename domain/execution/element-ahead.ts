import { isAllOf, skippedItems } from '../pagination/decide-next'
import type { PageReading } from '../pagination/page-reading'
import { placeToken } from '../pagination/place-token'
import { mergePatches } from '../pagination/request-draft'
import type { StopReason } from '../pagination/stop-reason'
import { addWarnings } from './element-facts'
import { countedPage, freshPage, pagesInAll, pause } from './element-page'
import type { ElementPlan } from './element-plan'
import type { CompletedState, ElementProgress, OpenPage, PagesAhead, RunningState } from './element-state'

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
  return last < next ? null : { next, last, pageSize, gaps: [], filled: 0, end: null, longest: 0 }
}

/**
 * Pages fetched at once: those that are next are opened, also what the totals have grown by and what this page has left; the
 * last one to come in ends the run, unless numbered pages came shorter than page 1 made them due: then it goes on one after
 * another. `reading` is null for a page that was left out.
 */
export function goOnAhead(
  plan: ElementPlan,
  state: AheadState,
  read: { open: OpenPage; reading: PageReading | null; now: Date },
): RunningState | CompletedState {
  const { open, reading } = read
  const gap = reading?.gap ?? null
  const gaps = gap === null ? state.ahead.gaps : [...state.ahead.gaps, gap]
  const token = Number(open.token)
  const isFurthest = state.ahead.end === null || token >= state.ahead.end.token
  const items = reading?.pageItems ?? null
  const said = { hasMore: reading?.gathered.hasMore ?? null, isEmpty: items === 0, items }
  const longest = Math.max(state.ahead.longest, items ?? 0)
  const ahead = { ...state.ahead, gaps, longest, end: isFurthest ? { token, ...said } : state.ahead.end }
  const pages = ahead.stopReason === undefined ? pagesWithGaps(plan, state.progress, ahead) : 0
  const last = Math.max(ahead.last, Math.min(pages, plan.paginator.stop.maxPages ?? pages))
  const filled = fillWindow(plan, { ...state, ahead: { ...ahead, last } }, read.now)
  if (filled.open.length > 0) return filled
  const { next } = filled.ahead
  const isLimited = next > (plan.paginator.stop.maxPages ?? next)
  if (!isLimited && mayGoOn(plan, filled))
    return fillWindow(plan, { ...filled, ahead: { ...filled.ahead, last: next } }, read.now)
  return endAhead(plan, filled, read.open.page)
}

/**
 * True where the pages that the total made due, by the size of page 1, don't bring it: all others are shorter than it. A
 * last page shorter than another of them is the end all the same, and a page that was left out explains what is missing.
 */
function mayGoOn(plan: ElementPlan, { ahead, progress }: AheadState): boolean {
  const { end, longest } = ahead
  if (plan.paginator.source.type !== 'page' || progress.total === null || progress.totalPages !== null) return false
  if (ahead.stopReason !== undefined || end?.hasMore === false || isSurelyAll(plan, ahead, progress)) return false
  const isShorterThanFirst = longest > 0 && longest < ahead.pageSize && end?.items === longest
  return isShorterThanFirst && progress.warnings.every(({ kind }) => kind !== 'page_skipped')
}

/** What was asked for to fill in, or is to be, are pages besides those that the totals tell. */
const pagesWithGaps = (plan: ElementPlan, progress: ElementProgress, { pageSize, filled, gaps }: PagesAhead): number =>
  (pagesInAll(plan, progress, pageSize) ?? 0) + filled + gaps.length

/** The end of an element at this page; among pages fetched at once those before it still come in. */
export function endAt(
  plan: ElementPlan,
  state: RunningState,
  end: { open: OpenPage; stopReason: StopReason; now: Date },
): RunningState | CompletedState {
  const { progress, seen } = state
  const { stopReason } = end
  if (state.ahead === null) return { status: 'completed', stopReason, progress, seen }
  // What fills a gap has a later number than its place.
  const isBefore = ({ token }: { token: OpenPage['token'] }): boolean => Number(token) < Number(end.open.token)
  const open = state.open.filter(isBefore)
  const ahead = { ...state.ahead, gaps: state.ahead.gaps.filter(isBefore), last: end.open.page - 1, stopReason }
  const ended = fillWindow(plan, { ...state, open, ahead }, end.now)
  return ended.open.length > 0 ? ended : endAhead(plan, ended, end.open.page)
}

/** Opens as many pages as may be in flight. */
export function fillWindow(plan: ElementPlan, state: AheadState, now: Date): AheadState {
  const open = [...state.open]
  let { ahead } = state
  while (open.length < plan.paginator.parallel) {
    const following = openNext(plan, ahead, now)
    if (following === null) break
    open.push(following.open)
    ahead = following.ahead
  }
  return { ...state, open, ahead }
}

/** The page to be opened next: what one that came short has left, before one that is counted. */
function openNext(plan: ElementPlan, ahead: PagesAhead, now: Date): { open: OpenPage; ahead: PagesAhead } | null {
  const { source, place, stop } = plan.paginator
  const page = ahead.next
  const next = page + 1
  const [gap, ...gaps] = ahead.gaps
  if (gap !== undefined && 'param' in source && page <= (stop.maxPages ?? page)) {
    const patch = placeToken(place, source.param, gap.token)
    const open = { ...freshPage(page, { token: gap.token, patch, retryAt: pause(plan, now) }), room: gap.room }
    return { open, ahead: { ...ahead, next, gaps, filled: ahead.filled + 1 } }
  }
  const isNext = page <= ahead.last && !isAtEmpty(plan, ahead)
  const counted = isNext ? countedPage(plan, page - ahead.filled, ahead.pageSize) : null
  if (counted === null) return null
  const open = freshPage(page, {
    token: counted.token,
    patch: mergePatches({}, counted.patch),
    retryAt: pause(plan, now),
  })
  return {
    open: { ...open, room: source.type === 'offset' ? ahead.pageSize : null },
    ahead: { ...ahead, next },
  }
}

/** Totals, and what the last page says of more, are looked at only when all have come in. */
function endAhead(plan: ElementPlan, state: AheadState, page: number): CompletedState {
  const { ahead, progress, seen } = state
  const { received, total } = progress
  const pages = pagesWithGaps(plan, progress, ahead)
  const isWhole = total !== null && isAllOf(total, plan.paginator.source, { received, pageSize: ahead.pageSize })
  const isCut = (pages > ahead.last && !isSurelyAll(plan, ahead, progress)) || mayGoOn(plan, state)
  const isBeyond = plan.paginator.source.type === 'page' && pages < ahead.last
  const stopReason = ahead.stopReason ?? reasonOf(plan, ahead, { isCut, isWhole, isBeyond })
  const isLimited = stopReason === 'max_pages' || (stopReason === 'empty_page' && ahead.stopReason === undefined)
  const saysMore = stopReason === 'total_reached' && ahead.stopReason === undefined && ahead.end?.hasMore === true
  const counted = total === null ? `${pages} pages` : `${total} items`
  const came = `the API counts ${counted}, ${received} items came from ${ahead.next - 1} pages`
  const notes = [
    ...(isLimited ? [{ kind: 'more_available' as const, message: `ended by ${stopReason}: ${came}` }] : []),
    ...(saysMore
      ? [{ kind: 'more_available' as const, message: `the last page says that there is more; ${came}` }]
      : []),
    ...(total === null || isWhole || stopReason === 'max_pages'
      ? []
      : [{ kind: 'total_mismatch' as const, message: came }]),
  ]
  const warnings = addWarnings(progress.warnings, notes, page)
  return { status: 'completed', stopReason, progress: { ...progress, warnings }, seen }
}

function reasonOf(
  plan: ElementPlan,
  ahead: PagesAhead,
  { isCut, isWhole, isBeyond }: { isCut: boolean; isWhole: boolean; isBeyond: boolean },
): StopReason {
  if (isAtEmpty(plan, ahead) && (isBeyond || ahead.next <= ahead.last)) return isWhole ? 'total_reached' : 'empty_page'
  if (!isCut) return 'total_reached'
  return ahead.end?.hasMore === false && ahead.gaps.length === 0 ? 'has_more_false' : 'max_pages'
}

/** True when no item can be missing, whether the API counts from 0 or from 1. */
const isSurelyAll = (
  { paginator }: ElementPlan,
  { pageSize }: PagesAhead,
  { received, total }: ElementProgress,
): boolean => total !== null && received + skippedItems(paginator.source, pageSize) >= total

/** True while the page furthest on is empty: what the API counts may be far more than it has. */
const isAtEmpty = ({ paginator }: ElementPlan, { end }: PagesAhead): boolean =>
  paginator.stop.emptyPage && end?.isEmpty === true
