import type { ErrorFacts, ExecutionEvent, NewEvent } from '@/domain/execution/events'
import type { AttemptRecord, PageRecord } from '@/domain/execution/element-records'
import type { WorkflowState } from '@/domain/execution/workflow-state'
import type { JsonObject } from '@/domain/json'
import type { Run } from '@/server/executions/load-run'
import type { IterationKey } from '@/server/db/page-commit'

/** The tables of `noetl`, as far as a run needs them. Times are the database's, in milliseconds. */
export type IterationRow = {
  index: number
  element: unknown
  label: string
  status: 'PENDING' | 'RUNNING' | 'WAITING' | 'COMPLETED' | 'FAILED' | 'SKIPPED' | 'CANCELLED'
  epoch: number
  claimToken: string | null
  workerId: string | null
  leaseUntil: number | null
  idleStarts: number
  checkpoint: JsonObject | null
  pages: number
  items: number
  retries: number
  /** Infinity: opened again, waits for its turn. */
  nextAttemptAt: number | null
  stopReason: string | null
  warnings: readonly unknown[]
  error: ErrorFacts | null
  startedAt: number | null
}

export type StepRow = {
  step: string
  tool: string | null
  status: 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED'
  size: number | null
  concurrency: number
  released: number
  releasedAt: number | null
  queued: number
  completed: number
  failed: number
  skipped: number
  pages: number
  items: number
  error: ErrorFacts | null
  startedAt: number
  iterations: IterationRow[]
}

export type PageRow = { step: string; index: number; record: PageRecord }

export type ExecutionRow = {
  run: Run
  status: 'PENDING' | 'RUNNING' | 'PAUSED' | 'COMPLETED' | 'FAILED' | 'CANCELLED'
  lastSeq: number
  elements: number
  failed: number
  pages: number
  items: number
  retries: number
  state: WorkflowState
  error: ErrorFacts | null
  createdAt: number
  startedAt: number | null
  steps: StepRow[]
  pageRows: PageRow[]
  /** What a primary key is for. */
  pageKeys: Set<string>
  attempts: Map<string, AttemptRecord>
  events: ExecutionEvent[]
}

/** The database: one execution is enough, since none shares a row with another. `now` is its clock. */
export type Database = { execution: ExecutionRow; budget: BudgetRow; now: () => number }

/** The rate limit of the only API: when its next request may go out, and until when it lets none pass. */
type BudgetRow = { nextAt: number; blockedUntil: number }

/** A new execution of a run, as `startExecution` leaves it. */
export function createDatabase(run: Run, now: () => number): Database {
  const execution: ExecutionRow = {
    run,
    status: 'PENDING',
    lastSeq: 0,
    elements: 0,
    failed: 0,
    pages: 0,
    items: 0,
    retries: 0,
    state: { begun: false, steps: {} },
    error: null,
    createdAt: now(),
    startedAt: null,
    steps: [],
    pageRows: [],
    pageKeys: new Set(),
    attempts: new Map(),
    events: [],
  }
  return { execution, budget: { nextAt: 0, blockedUntil: 0 }, now }
}

export const newIteration = (index: number, element: unknown, label: string): IterationRow => ({
  index,
  element,
  label,
  status: 'PENDING',
  epoch: 0,
  claimToken: null,
  workerId: null,
  leaseUntil: null,
  idleStarts: 0,
  checkpoint: null,
  pages: 0,
  items: 0,
  retries: 0,
  nextAttemptAt: null,
  stopReason: null,
  warnings: [],
  error: null,
  startedAt: null,
})

export const stepRow = (db: Database, step: string): StepRow | undefined =>
  db.execution.steps.find((row) => row.step === step)

export const iterationRow = (db: Database, key: Pick<IterationKey, 'step' | 'index'>): IterationRow | undefined =>
  stepRow(db, key.step)?.iterations[key.index]

/** The element a row stands for; without a loop it is the first. */
export const nameOf = ({ element }: IterationRow): string => (typeof element === 'string' ? element : 'a')

/** Like `noetl.append_events`: dense numbers, in the order of the commits. */
export function appendEvents({ execution, now }: Database, events: readonly NewEvent[]): number {
  for (const event of events) {
    execution.lastSeq += 1
    execution.events.push({
      ...event,
      event_id: String(execution.lastSeq),
      execution_id: execution.run.executionId,
      seq: execution.lastSeq,
      created_at: new Date(now()).toISOString(),
    })
  }
  return execution.lastSeq
}
