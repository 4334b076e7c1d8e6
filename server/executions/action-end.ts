import type { ErrorFacts } from '@/domain/execution/events'

/** What came of working on an iteration. */
export type ActionEnd =
  | { end: 'completed'; stopReason: string | null; warnings: readonly unknown[]; pages: number; items: number }
  | { end: 'failed'; error: ErrorFacts; warnings: readonly unknown[]; pages: number; items: number }
  /** Nothing to do before `until`: the ticket ends, an alarm clock brings the next. */
  | { end: 'waiting'; until: Date }
  /** It waits for something that wakes it: the ticket ends, and no alarm is set. */
  | { end: 'parked' }
  /** The worker drains, or lost the claim: what is on record stands, someone else goes on. */
  | { end: 'interrupted' }

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
