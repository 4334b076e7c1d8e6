import type { LoopGuardMemory } from '../pagination/loop-guard'
import type { Gathered } from '../pagination/page-reading'
import type { Gap } from '../pagination/page-due'
import type { RequestPatch } from '../pagination/request-draft'
import type { PageWarning, StopReason } from '../pagination/stop-reason'
import type { AutoProgress } from './auto-progress'
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
  /** The most items of it that are its own, as those after them belong to pages fetched at once with it; null: all are. */
  room: number | null
  /** Not before this; null: at once. */
  retryAt: Date | null
  /** Milliseconds it waits until `retryAt` for a slot of the rate limit, which is then its own; null: it has no slot. */
  waitedMs: number | null
  /** The page before was skipped: an API that fails for good must not be asked for ever. */
  afterSkip: boolean
}

/** Pages still to be opened when the total is known (`parallel`); they are asked for without waiting for one another. */
export type PagesAhead = {
  next: number
  last: number
  pageSize: number
  /** What pages that came short have left, to be opened next, and how many such pages were opened: they are numbered with the others. */
  gaps: readonly Gap[]
  filled: number
  /** Of the pages that came the one furthest on: how many items it has, null where it was left out, and what it says of more by `has_more_path`. */
  end: { token: number; hasMore: boolean | null; isEmpty: boolean; items: number | null } | null
  /** The most items that one of them brought. */
  longest: number
  /** Why nothing comes after `last`, where that is not the totals' end. */
  stopReason?: StopReason
}

/** What has been gathered so far; small, whatever the number of pages. `items` are those kept, `received` all that came. */
export type ElementProgress = Gathered & {
  /** Saved pages. */
  pages: number
  /** Failed tries that were tried again. */
  retries: number
  bytes: number
  /** One of each kind. */
  warnings: readonly PageWarning[]
}

/** Where an element stands. `seen` is shared by the states of one run and only grows; entries of later pages don't count. */
export type ElementState = RunningState | CompletedState | FailedState
export type RunningState = Common & {
  status: 'running'
  open: readonly OpenPage[]
  ahead: PagesAhead | null
  /** Null unless the pagination is found out by itself, and before its first answer. */
  auto: AutoProgress | null
}
export type CompletedState = Common & { status: 'completed'; stopReason: StopReason }
type FailedState = Common & {
  status: 'failed'
  error: ErrorFacts
  open: readonly OpenPage[]
  ahead: PagesAhead | null
  auto: AutoProgress | null
}
type Common = { progress: ElementProgress; seen: LoopGuardMemory }
