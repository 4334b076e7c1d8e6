import type { LoopGuardMemory } from '../pagination/loop-guard'
import type { RequestPatch } from '../pagination/request-draft'
import type { PageWarning, StopReason } from '../pagination/stop-reason'
import type { ErrorFacts } from './events'

/** A page that is to be fetched. Several are open at once only with `parallel`. */
export type OpenPage = {
  page: number
  /** Number of the coming try, counted from 1 over all retries of this page: the key of its attempt row. */
  attempt: number
  /** Failed tries since the run or its last manual retry: what a policy's `max_attempts` counts. */
  failures: number
  /** The page number, offset or token it asks for; null when the request says it all. */
  token: number | string | null
  patch: RequestPatch
  retryAt: Date | null
}

/** What has been gathered so far; small, whatever the number of pages. */
export type ElementProgress = {
  /** Saved pages. */
  pages: number
  /** Items kept, after filter, dedupe and cuts. */
  items: number
  /** Items the API sent, before filter, dedupe and cuts: what totals are compared with. */
  received: number
  /** Failed tries that were tried again. */
  retries: number
  bytes: number
  /** The API's own count, once known. */
  total: number | null
  /** Path of the items, once guessed. */
  guessedPath: string[] | null
  warnings: readonly PageWarning[]
}

/** Where an element stands. `seen` is shared by the states of one run and only grows; entries of later pages don't count. */
export type ElementState =
  | { status: 'running'; open: readonly OpenPage[]; progress: ElementProgress; seen: LoopGuardMemory }
  | { status: 'completed'; stopReason: StopReason; progress: ElementProgress; seen: LoopGuardMemory }
  | { status: 'failed'; error: ErrorFacts; open: readonly OpenPage[]; progress: ElementProgress; seen: LoopGuardMemory }
