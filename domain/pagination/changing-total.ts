import type { Gathered } from './page-reading'
import type { Paginator } from './paginator'
import type { WarningNote } from './reconcile'

/**
 * The API's total after a page: what the page says, or else what one before it said. A total that has shrunk by just what
 * came before counts what is left, as a keyset's query does; taken for all, it would be reached halfway.
 */
export function totalAfter({ source }: Paginator, said: number | null, { total, received }: Gathered): number | null {
  if (said === null || total === null) return said ?? total
  if (isCountedFromBegin(source)) return said
  return received > 0 && said + received === total ? total : said
}

/**
 * Says that a total fell. Where pages are counted from the begin, each item that goes away before them moves the others up,
 * and those that move over the bound of a page are never seen; the smaller total is met all the same.
 */
export function noteFallen(
  { source }: Paginator,
  page: number,
  { before, now }: { before: Gathered; now: Gathered },
): WarningNote[] {
  if (!isCountedFromBegin(source)) return []
  if (before.total === null || now.total === null || now.total >= before.total) return []
  const message = `the API counts ${now.total} items on page ${page} and counted ${before.total} before: where items go away, others move up, and may have been passed over`
  return [{ kind: 'total_mismatch', message }]
}

const isCountedFromBegin = ({ type }: Paginator['source']): boolean => type === 'page' || type === 'offset'
