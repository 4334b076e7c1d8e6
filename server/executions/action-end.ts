import type { ErrorFacts } from '@/domain/execution/events'
import type { CommitLine } from './commit-line'

/** What came of working on an iteration. */
export type ActionEnd =
  | ({ end: 'completed'; stopReason: string | null } & Fetched)
  | ({ end: 'failed'; error: ErrorFacts } & Fetched)
  /** Nothing to do before `until`: the ticket ends, an alarm clock brings the next. */
  | { end: 'waiting'; until: Date }
  /** It waits for something that wakes it: the ticket ends, and no alarm is set. */
  | { end: 'parked' }
  /** The worker drains, or lost the claim: what is on record stands, someone else goes on. */
  | { end: 'interrupted' }

type Fetched = {
  warnings: readonly unknown[]
  pages: number
  items: number
  /** Commits of it that may still be on their way to the database. */
  line?: CommitLine
}

/** An action without pages that did what it should. */
export const done = (): Extract<ActionEnd, { end: 'completed' }> => ({
  end: 'completed',
  stopReason: null,
  warnings: [],
  pages: 0,
  items: 0,
})

/** An action without pages that failed. */
export const failedWith = (error: ErrorFacts): ActionEnd => ({ end: 'failed', error, warnings: [], pages: 0, items: 0 })
