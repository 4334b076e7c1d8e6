import type { Pool } from 'pg'
import type { CommitResult, PageCommit } from './page-commit'

export type PageWriter = {
  /** Resolves when the commit is durable, never before. Rejects when it alone could not be written. */
  write(commit: PageCommit): Promise<CommitResult>
  /** False at `maxUnwritten` commits that are not durable yet: stop fetching. */
  hasRoom(): boolean
  whenRoom(): Promise<void>
  /** Writes what is waiting, then refuses more. */
  close(): Promise<void>
}

export type PageWriterOptions = { pool: Pool; maxBatch?: number; maxUnwritten?: number }

/** Group commit of pages: whatever concurrent elements have ready goes out as one transaction a round, on at most two connections. */
export function createPageWriter(options: PageWriterOptions): PageWriter {
  throw new Error(`not yet: ${JSON.stringify(options)}`)
}
