import { likelyCounted, skippedPages, type Verdict } from './decide-next'
import type { PlannedCall } from './next-call'
import type { Gap } from './page-due'
import type { Paginator } from './paginator'
import { reconcile, type WarningNote } from './reconcile'
import type { StopReason } from './stop-reason'

/** What the pages before have left. */
export type Gathered = {
  items: number
  received: number
  /** Of those received, the ones that came before. */
  duplicates: number
  total: number | null
  totalPages: number | null
  /** What the last page said of more, by `has_more_path`; null where none is read. */
  hasMore: boolean | null
  firstPageItems: number | null
  /** The page read last, and how many items came on it. */
  lastPage: { page: number; items: number } | null
  /** The last pages that had no items, without one in between that had some. */
  emptyInARow: number
  /** The last pages that had only items with the ids of earlier ones; empty ones in between count for neither. */
  staleInARow: number
  guessedPath: string[] | null
}

/** What one answer gave. */
export type PageReading = {
  bodyText: string | null
  itemsPath: string[]
  /** JSON text, when the items kept aren't simply at `itemsPath`. */
  itemsText: string | null
  gathered: Gathered
  /** Items kept and items that came. */
  kept: number
  pageItems: number
  guessed: boolean
  fingerprints: string[]
  warnings: WarningNote[]
  verdict: Verdict
  /** Null when the verdict is to stop. */
  next: PlannedCall | null
  /** Items due on a page fetched at once with others that it did not bring. */
  gap: Gap | null
  /** What the decision was made on, for the event. */
  values: Record<string, unknown>
}

/** The reading of an answer with no body to look into: no items, and the end. What was told before, of totals and of more, is compared where pages come in order. */
export function endWithoutItems(
  paginator: Paginator,
  gathered: Gathered,
  end: { page: number; stop: StopReason; rule: string; inOrder: boolean },
): PageReading {
  const { page, stop, rule } = end
  const { total, totalPages } = gathered
  const counted = { received: gathered.received - gathered.duplicates, firstPageItems: gathered.firstPageItems ?? 0 }
  const isShortOfTotal = total !== null && likelyCounted(paginator.source, counted) < total
  const isShortOfPages = totalPages !== null && page + skippedPages(paginator.source) < totalPages
  const verdict = { stop, rule, more: gathered.hasMore === true || isShortOfTotal || isShortOfPages }
  const compared = {
    ...counted,
    page,
    pageItems: 0,
    signals: { hasMore: null, total, totalPages },
    next: { kind: 'none' as const, shown: '', hasMore: null },
  }
  return {
    bodyText: null,
    itemsPath: [],
    itemsText: '[]',
    gathered,
    kept: 0,
    pageItems: 0,
    guessed: false,
    fingerprints: [],
    warnings: end.inOrder ? reconcile(paginator, compared, verdict) : [],
    verdict,
    next: null,
    gap: null,
    values: { received: gathered.received },
  }
}
