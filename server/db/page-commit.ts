import type { AttemptRecord, PageRecord } from '@/domain/execution/element-records'
import type { NewEvent } from '@/domain/execution/events'

export type IterationKey = { executionId: string; step: string; index: number }

/** `body` as JSON text, or as its bytes in UTF-8. */
export type PageOfCommit = Omit<PageRecord, 'body'> & { body: string | Uint8Array | null }

/** What one outcome leaves behind, durable together or not at all. Everything in it is already masked. */
export type PageCommit = IterationKey & {
  /** Of the claim this was done under; an older one is fenced (P6). */
  epoch: number
  page: PageOfCommit | null
  attempt: AttemptRecord | null
  events: readonly NewEvent[]
  /** Integers beyond 2^53 in it are bigint and stay numbers. */
  checkpoint: Readonly<Record<string, unknown>>
  status?: 'RUNNING' | 'WAITING'
  nextAttemptAt?: Date | null
}

/** `fenced`: another claim, or the end or cancelling of the run, came first, and nothing was written. */
export type CommitResult = 'written' | 'fenced'
