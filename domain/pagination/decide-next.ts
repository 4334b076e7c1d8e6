import type { NextToken } from './next-token'
import { PageFault } from './page-fault'
import type { PageSignals } from './page-signals'
import type { Paginator } from './paginator'
import type { StopReason } from './stop-reason'

/** All that the stop rules look at, this page counted in. */
export type Evidence = {
  page: number
  /** Items the page brought, before any cut. */
  pageItems: number
  /** Items of page 1: what a short page is compared with when no limit is known. */
  firstPageItems: number
  /** Unique items received so far. */
  received: number
  kept: number
  signals: PageSignals
  /** What the page gives to go on with, or why that can't be read. */
  next: NextToken | PageFault
  cutByItem: boolean
  cutByRoom: boolean
  when: boolean
  /** Result of `while`; null where there is none. */
  goesOn: boolean | null
}

/** Whether the API had more when a limit ended the run; `unsaid`: nothing in its answer says either. */
export type More = boolean | 'unsaid'

/** `rule` names the setting that decided. */
export type Verdict = { stop: StopReason; rule: string; more: More } | { stop: null; rule: string }

/** Ends or goes on by the first rule that holds, in the order of playbook.md. Throws what made the next token unreadable, or `missing_cursor`. */
export function decideNext(paginator: Paginator, evidence: Evidence): Verdict {
  const early = ruleBeforeToken(paginator, evidence)
  if (early !== null) return early
  if (paginator.source.type === 'none')
    return { stop: 'single_page', rule: 'type: none', more: isSaid(apiHasMore(paginator.source, evidence)) }
  const { next } = evidence
  if (next instanceof PageFault) throw next
  if (next.kind === 'none' && paginator.source.type !== 'while') {
    if (next.hasMore === true || evidence.signals.hasMore === true) throw missingCursor(evidence.page, next.shown)
    return { stop: 'no_next', rule: `next token: ${next.shown}`, more: false }
  }
  return ruleAfterToken(paginator, evidence) ?? { stop: null, rule: reasonToGoOn(paginator, evidence) }
}

function ruleBeforeToken({ stop, source }: Paginator, evidence: Evidence): Verdict | null {
  const { signals, page } = evidence
  if (stop.maxItems !== null && (evidence.kept >= stop.maxItems || evidence.cutByRoom)) {
    return {
      stop: 'max_items',
      rule: `max_items ${stop.maxItems}`,
      more: evidence.cutByRoom || apiHasMore(source, evidence),
    }
  }
  if (evidence.cutByItem) return { stop: 'when_true', rule: 'item_when', more: false }
  if (evidence.when) return { stop: 'when_true', rule: 'when', more: false }
  if (evidence.goesOn === false) return { stop: 'while_false', rule: 'while', more: false }
  if (signals.hasMore === false) return { stop: 'has_more_false', rule: 'has_more_path', more: false }
  if (isEndOfGraph(evidence.next)) return { stop: 'has_more_false', rule: evidence.next.shown, more: false }
  if (signals.total !== null && surelyCounted(source, evidence) >= signals.total) {
    return { stop: 'total_reached', rule: `total ${signals.total}`, more: saysMore(source, evidence) }
  }
  if (signals.totalPages !== null && page + skippedPages(source) >= signals.totalPages) {
    return { stop: 'total_reached', rule: `total pages ${signals.totalPages}`, more: saysMore(source, evidence) }
  }
  return null
}

/** What speaks against a total: a flag, or a link to the next page. A cursor does not, for many APIs give one with every page. */
function saysMore({ type }: Paginator['source'], { signals, next }: Evidence): boolean {
  if (signals.hasMore === true) return true
  const isLink = type === 'next_url' || type === 'link' || type === 'graphql'
  return isLink && !(next instanceof PageFault) && next.kind !== 'none'
}

function ruleAfterToken({ stop, source }: Paginator, evidence: Evidence): Verdict | null {
  const { page, pageItems } = evidence
  if (stop.emptyPage && pageItems === 0)
    return { stop: 'empty_page', rule: 'empty_page', more: isSaid(apiHasMore(source, evidence)) }
  const fullSize = page === 1 ? (limitOf(source) ?? evidence.firstPageItems) : smallerSize(source, evidence)
  if (stop.shortPage && pageItems < fullSize)
    return { stop: 'short_page', rule: 'short_page', more: isSaid(apiHasMore(source, evidence)) }
  if (stop.maxPages !== null && page >= stop.maxPages)
    return { stop: 'max_pages', rule: `max_pages ${stop.maxPages}`, more: apiHasMore(source, evidence) }
  return null
}

/** What the API itself says beyond this page. */
function apiHasMore(source: Paginator['source'], evidence: Evidence): More {
  const { signals, next, page } = evidence
  if (signals.hasMore !== null) return signals.hasMore
  if (signals.total !== null) {
    if (surelyCounted(source, evidence) >= signals.total) return false
    if (likelyCounted(source, evidence) < signals.total) return true
    return evidence.pageItems === 0 ? false : 'unsaid'
  }
  if (signals.totalPages !== null) return page + skippedPages(source) < signals.totalPages
  if (source.type === 'while') return source.condition === null ? 'unsaid' : evidence.goesOn === true
  if (next instanceof PageFault || next.kind === 'none') return false
  // A page number can be counted up, and the last item has its field, whether anything follows or not.
  return next.counted === true || source.type === 'last_record' ? 'unsaid' : true
}

/** Where a page itself is taken for the last one, nothing said is no sign that it is not. */
const isSaid = (more: More): boolean => more === true

const isEndOfGraph = (next: NextToken | PageFault): next is Extract<NextToken, { kind: 'none' }> =>
  !(next instanceof PageFault) && next.kind === 'none' && next.hasMore === false

/** Items that are left out for sure before the first one asked for. */
export const skippedItems = (source: Paginator['source'], pageSize: number): number => {
  if (source.type === 'offset') return isCountedFromOne(source.start, pageSize) ? source.start - 1 : source.start
  return source.type === 'page' ? skippedPages(source) * pageSize : 0
}

/** An offset of 1, or one page and 1, is where an API counts from 1 (SCIM): of one that counts from 0 it leaves one item more out. */
const isCountedFromOne = (start: number, pageSize: number): boolean =>
  start === 1 || (pageSize > 1 && start % pageSize === 1)

/** True when those items and the ones before the first one asked for are the total, whether the API counts from 0 or from 1. */
export const isAllOf = (
  total: number,
  source: Paginator['source'],
  { received, pageSize }: { received: number; pageSize: number },
): boolean =>
  received + skippedItems(source, pageSize) === total || (source.type === 'offset' && received + source.start === total)

/**
 * Items of the total that are behind, those before the first one asked for counted in: of two page sizes, the one asked
 * for and the one the server gives, the smaller counts, so that the end is never seen too early.
 */
export const surelyCounted = (
  source: Paginator['source'],
  evidence: Pick<Evidence, 'received' | 'firstPageItems'>,
): number => evidence.received + skippedItems(source, smallerSize(source, evidence))

/** The same by the size that was asked for: a first page that is short may be the last one as well. */
export const likelyCounted = (
  source: Paginator['source'],
  { received, firstPageItems }: Pick<Evidence, 'received' | 'firstPageItems'>,
): number =>
  received + (source.type === 'offset' ? source.start : skippedItems(source, limitOf(source) ?? firstPageItems))

const smallerSize = (source: Paginator['source'], { firstPageItems }: Pick<Evidence, 'firstPageItems'>): number =>
  Math.min(limitOf(source) ?? firstPageItems, firstPageItems)

/** Items a page as asked for; null where nothing asks. */
export const limitOf = (source: Paginator['source']): number | null => ('limit' in source ? source.limit : null)

/** Pages are counted from 0 or 1; a higher start leaves pages out. */
export const skippedPages = (source: Paginator['source']): number =>
  source.type === 'page' && source.start > 1 ? source.start - 1 : 0

const reasonToGoOn = ({ source }: Paginator, { signals, received, next }: Evidence): string => {
  if (source.type === 'while') return 'while holds'
  if (signals.hasMore === true) return 'the API says there is more'
  if (signals.total !== null) return `${received} of ${signals.total} items`
  return next instanceof PageFault || next.kind === 'none'
    ? 'no stop rule holds'
    : `next ${next.kind === 'url' ? 'URL' : source.type} ${next.shown}`
}

const missingCursor = (page: number, shown: string): PageFault =>
  new PageFault(
    'missing_cursor',
    `page ${page} says there is more but gives nothing to continue with (${shown})`,
    'check the path of the token (`path`, `header`, `rel`), or take `has_more_path` away if it is wrong',
  )
