import type { ErrorFacts } from './events'

export type ExecutionStatus = 'PENDING' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED' | 'PAUSED'
export type StepStatus = 'PENDING' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'SKIPPED' | 'CANCELLED'
export type ElementStatus = 'PENDING' | 'RUNNING' | 'WAITING' | 'COMPLETED' | 'FAILED' | 'SKIPPED' | 'CANCELLED'

/** Something a person should know about a page that did not stop it. */
export type ViewWarning = { kind: string; message: string; page: number | null }

/** A try of a page that gave nothing usable. Times are milliseconds since the epoch. */
export type AttemptView = {
  attempt: number
  startedAt: number
  endedAt: number
  error: ErrorFacts
  /** How long the next try was put off; null after the last one. */
  delayMs: number | null
  /** Where that delay comes from, e.g. `Retry-After: 2`. */
  why: string | null
}

export type PageView = {
  page: number
  status: 'waiting' | 'ok' | 'failed'
  /** Failed tries, in order; the try that gave the page is not among them. */
  attempts: AttemptView[]
  startedAt: number
  endedAt: number
  /** How long the try took that gave the page or ended it. */
  durationMs: number
  /** How long it waited before for a slot of the rate limit. */
  waitedMs: number
  httpStatus: number | null
  items: number
  bytes: number
  /** True when the API has more after this page, false at the end, null when not said. */
  more: boolean | null
}

export type SinkView = {
  status: 'RUNNING' | 'COMPLETED' | 'FAILED'
  table: string | null
  rows: number
  error: ErrorFacts | null
}

/** One turn of a loop, or the only one of a step without a loop (index 0). */
export type ElementView = {
  index: number
  label: string
  status: ElementStatus
  /** Ascending page numbers; a page is here as soon as one try of it has ended. */
  pages: PageView[]
  /** Failed tries of an action that has no pages: a statement. */
  tries: AttemptView[]
  items: number
  retries: number
  stopReason: string | null
  warnings: ViewWarning[]
  error: ErrorFacts | null
  /** When the page that waits is tried again. */
  nextAttemptAt: number | null
  sink: SinkView | null
  startedAt: number | null
  endedAt: number | null
}

export type IteratorView = {
  name: string
  mode: string
  concurrency: number | null
  totalCount: number
  collectionSize: number
  /** Labels of the first elements, so that one that has not started has a name. */
  labels: string[]
}

export type StepView = {
  name: string
  tool: string | null
  status: StepStatus
  iterator: IteratorView | null
  /** By iteration index; null is an element nothing has happened to. */
  elements: (ElementView | null)[]
  /** What those are, and a step that was not begun itself: in line, left out because another one had failed, or cancelled with the step. */
  unbegun: Extract<ElementStatus, 'PENDING' | 'SKIPPED' | 'CANCELLED'>
  pages: number
  items: number
  retries: number
  sink: SinkView | null
  error: ErrorFacts | null
  startedAt: number | null
  endedAt: number | null
}

export type ExpectationView = { name: string; passed: boolean; actual: unknown; message: string | null }

export type ViewStats = {
  elements: number
  running: number
  waiting: number
  completed: number
  failed: number
  skipped: number
  cancelled: number
  pages: number
  items: number
  retries: number
  warnings: number
}

/** Everything a screen shows of one execution: the fold of its events up to `seq`. Plain JSON. */
export type ExecutionView = {
  executionId: string
  seq: number
  path: string
  version: number | null
  status: ExecutionStatus
  workload: unknown
  trigger: unknown
  stats: ViewStats
  /** In the order of the playbook where it is known, else of appearance. */
  steps: StepView[]
  expectations: ExpectationView[]
  error: ErrorFacts | null
  startedAt: number | null
  endedAt: number | null
  /** When the last event happened. */
  updatedAt: number | null
}

const NO_STATS: ViewStats = {
  elements: 0,
  running: 0,
  waiting: 0,
  completed: 0,
  failed: 0,
  skipped: 0,
  cancelled: 0,
  pages: 0,
  items: 0,
  retries: 0,
  warnings: 0,
}

/** The view of an execution before its first event. */
export function emptyView(executionId: string): ExecutionView {
  return {
    executionId,
    seq: 0,
    path: '',
    version: null,
    status: 'PENDING',
    workload: null,
    trigger: null,
    stats: { ...NO_STATS },
    steps: [],
    expectations: [],
    error: null,
    startedAt: null,
    endedAt: null,
    updatedAt: null,
  }
}

/** The element at an index as it is to be shown, also when nothing has happened to it yet. */
export function elementAt(step: StepView, index: number): ElementView {
  return step.elements[index] ?? pendingElement(step, index)
}

/** An element nothing has happened to; its name comes from the collection when that is known. */
export function pendingElement(step: StepView, index: number): ElementView {
  return {
    index,
    label: step.iterator ? (step.iterator.labels[index] ?? `#${index}`) : step.name,
    status: step.unbegun,
    pages: [],
    tries: [],
    items: 0,
    retries: 0,
    stopReason: null,
    warnings: [],
    error: null,
    nextAttemptAt: null,
    sink: null,
    startedAt: null,
    endedAt: null,
  }
}

/** How many pages of an element are saved; one that waits or failed is not. */
export const savedPages = (element: ElementView): number => element.pages.filter(({ status }) => status === 'ok').length

/** True once nothing more happens to the execution unless somebody retries it. */
export function isSettled(status: ExecutionStatus): boolean {
  return status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED'
}
