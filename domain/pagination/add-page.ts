import { totalAfter } from './changing-total'
import type { CutItems } from './cut-items'
import type { readItems } from './items'
import type { Gathered } from './page-reading'
import type { PageSignals } from './page-signals'
import type { Paginator } from './paginator'

/** What the pages have left once this one is counted in. */
export const addPage = (
  paginator: Paginator,
  gathered: Gathered,
  {
    page,
    found,
    cut,
    signals,
    repeated,
  }: { page: number; found: ReturnType<typeof readItems>; cut: CutItems; signals: PageSignals; repeated: number },
): Gathered => ({
  items: (paginator.strategy === 'replace' ? 0 : gathered.items) + cut.kept.length,
  received: gathered.received + found.items.length,
  duplicates: gathered.duplicates + cut.duplicates + repeated,
  total: totalAfter(paginator, signals.total, gathered),
  totalPages: signals.totalPages ?? gathered.totalPages,
  hasMore: signals.hasMore,
  firstPageItems: gathered.firstPageItems ?? found.items.length,
  lastPage: { page, items: found.items.length },
  emptyInARow: found.items.length === 0 ? gathered.emptyInARow + 1 : 0,
  staleInARow: gathered.staleInARow,
  // An object without a list may be the first page of an API that has none yet, so only a list settles the guess.
  guessedPath: gathered.guessedPath ?? (found.guessed && found.path !== null ? found.path : null),
})
