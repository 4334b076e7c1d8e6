import {
  type Evidence,
  isAllOf,
  likelyCounted,
  limitOf,
  skippedPages,
  surelyCounted,
  type Verdict,
} from './decide-next'
import { mayBeCap } from './page-cap'
import { PageFault } from './page-fault'
import type { Paginator } from './paginator'
import type { WarningKind } from './stop-reason'

export type WarningNote = { kind: WarningKind; message: string }

type Compared = Pick<Evidence, 'page' | 'pageItems' | 'firstPageItems' | 'received' | 'signals' | 'next'>

/** What must be said about a page although it stops nothing. */
export function reconcile(paginator: Paginator, evidence: Compared, verdict: Verdict): WarningNote[] {
  const { page, pageItems, received, signals } = evidence
  const notes: WarningNote[] = []
  const size = limitOf(paginator.source)
  // As the last page a short first one is no wonder, unless it is as long as servers cap their pages.
  const mayGoOn = verdict.stop === null || (verdict.stop === 'short_page' && mayBeCap(pageItems))
  if (page === 1 && size !== null && (pageItems > size || (pageItems < size && mayGoOn))) {
    notes.push({
      kind: 'server_page_size_differs',
      message: `${size} items a page were asked for, the server gives ${pageItems}`,
    })
  }
  if (pageItems === 0 && signals.total !== null && likelyCounted(paginator.source, evidence) < signals.total) {
    notes.push({
      kind: 'empty_page_before_total',
      message: `page ${page} is empty although only ${received} of ${signals.total} items came`,
    })
  }
  if (verdict.stop === null) return notes
  if (verdict.more !== false) {
    const known = verdict.more === true ? 'while the API had more' : 'while nothing said that it was the last one'
    notes.push({
      kind: 'more_available',
      message: `ended by ${verdict.rule} on page ${page} ${known}${remaining(paginator, evidence)}`,
    })
  }
  if (
    isWholeRun(verdict) &&
    startsAtFirst(paginator) &&
    signals.total !== null &&
    !isAllOf(signals.total, paginator.source, { received, pageSize: evidence.firstPageItems })
  ) {
    notes.push({ kind: 'total_mismatch', message: `the API counts ${signals.total} items, ${received} came` })
  }
  if (isWholeRun(verdict) && signals.totalPages !== null && pageItems > 0) {
    const last = page + skippedPages(paginator.source)
    if (last > signals.totalPages)
      notes.push({
        kind: 'total_mismatch',
        message: `the API counts ${signals.totalPages} pages, page ${last} has items`,
      })
  }
  return notes
}

/** After a limit the total can't be met, and `more_available` says so. */
const isWholeRun = (verdict: Extract<Verdict, { rule: string }>): boolean =>
  verdict.stop !== 'max_items' &&
  verdict.stop !== 'max_pages' &&
  verdict.stop !== 'when_true' &&
  verdict.stop !== 'single_page'

const startsAtFirst = ({ source }: Paginator): boolean => {
  if (source.type === 'offset') return source.start <= 1
  return source.type !== 'page' || source.start <= 1
}

function remaining({ source }: Paginator, evidence: Compared): string {
  const { signals, received, next } = evidence
  if (signals.total !== null && surelyCounted(source, evidence) < signals.total)
    return `: ${received} of ${signals.total} items came`
  if (next instanceof PageFault || next.kind === 'none' || next.counted === true) return ''
  return `; it would continue with ${next.shown}`
}
