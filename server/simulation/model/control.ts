import { reopenWorkflow } from '@/domain/execution/reopen-workflow'
import type { NewEvent } from '@/domain/execution/events'
import { executionEvent, iterationEvent } from '@/domain/execution/workflow-events'
import type { Ticket } from '@/server/executions/tickets'
import { elementTicket } from './orchestrate'
import { appendEvents, type Database, type IterationRow, type StepRow } from './rows'

/** Each gives back its tickets, or null for what is refused (`conflict`). */
export type Control = (db: Database) => Ticket[] | null
type Retry = (db: Database, index?: number) => Ticket[] | null

const LOST_AFTER_MS = 3_000
const LIVE: ReadonlySet<string> = new Set(['PENDING', 'RUNNING', 'WAITING'])
const ENDED: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELLED'])

/** As server/executions/cancel-execution.ts. */
export const cancel: Control = (db) => {
  const { execution } = db
  if (ENDED.has(execution.status)) return null
  const untold = execution.steps.flatMap((step) => untoldEnd(db, step))
  let cancelled = 0
  for (const step of execution.steps) {
    for (const row of step.iterations.filter(({ status }) => LIVE.has(status))) {
      cancelled += 1
      Object.assign(row, { status: 'CANCELLED', nextAttemptAt: null, ...NOBODYS })
    }
    if (step.status === 'RUNNING') step.status = 'CANCELLED'
  }
  execution.status = 'CANCELLED'
  const { elements, failed, pages, items, retries, startedAt } = execution
  const duration_ms = startedAt === null ? null : db.now() - startedAt
  const context = { stats: { elements, failed, pages, items, retries }, cancelled, duration_ms }
  appendEvents(db, [...untold, executionEvent('playbook_cancelled', 'CANCELLED', context)])
  return []
}

/** As server/executions/untold-ends.ts. */
function untoldEnd({ execution }: Database, { step, status, iterations: rows }: StepRow): NewEvent[] {
  const only = rows[0]
  const isLoop = execution.run.playbook.workflow.find((each) => each.step === step)?.loop !== null
  if (isLoop || status !== 'RUNNING' || (only?.status !== 'COMPLETED' && only?.status !== 'FAILED')) return []
  const { label, pages, items, warnings, stopReason: stop_reason, error } = only
  const context = { index: 0, label, pages, items, warnings, stop_reason, ...(error !== null && { error }) }
  const type = only.status === 'FAILED' ? 'iteration_failed' : 'iteration_completed'
  return [iterationEvent(type, only.status, { step, index: 0 }, context)]
}

const NOBODYS = { workerId: null, leaseUntil: null, claimToken: null }

/** As server/executions/pause-execution.ts. */
export const pause: Control = (db) => {
  const { execution } = db
  if (execution.status !== 'PENDING' && execution.status !== 'RUNNING') return null
  execution.status = 'PAUSED'
  appendEvents(db, [executionEvent('playbook_paused', 'PAUSED', {})])
  return []
}

/** As server/executions/resume-execution.ts. */
export const resume: Control = (db) => {
  const { execution } = db
  if (execution.status !== 'PAUSED') return null
  execution.status = 'RUNNING'
  appendEvents(db, [executionEvent('playbook_resumed', 'RUNNING', { reason: 'resume' })])
  const handedOut = iterations(db, ({ index, status, leaseUntil, nextAttemptAt }, step) => {
    const isDue = nextAttemptAt === null || nextAttemptAt <= db.now()
    return LIVE.has(status) && index < step.released && leaseUntil === null && isDue
  })
  return [orchestrateTicket(db), ...handedOut]
}

/** As server/executions/retry-execution.ts with the scope `failed`, or `iteration` where one element is named. */
export const retry: Retry = (db, index) => {
  const { execution } = db
  if (!ENDED.has(execution.status)) return null
  if (index !== undefined && execution.status === 'CANCELLED') return null
  const reopened = execution.steps.map((step) => reopen(step, index)).filter((one) => one !== null)
  if (reopened.length === 0 && (execution.status === 'COMPLETED' || index !== undefined)) return null
  const names = new Set(reopened.map(({ step }) => step.step))
  const ended = execution.steps.map((step) => ({
    step: step.step,
    status: step.status,
    prepared: step.tool === null || step.size !== null,
    reopened: names.has(step.step) || step.status === 'CANCELLED',
  }))
  for (const { step, failed, cancelled, skipped } of reopened) {
    step.failed -= failed
    step.skipped -= skipped
    step.queued = failed + cancelled
  }
  for (const step of execution.steps) {
    if (!names.has(step.step) && step.status !== 'CANCELLED') continue
    if (!names.has(step.step)) step.queued = 0
    Object.assign(step, { status: 'RUNNING', error: null, releasedAt: db.now() })
  }
  execution.state = reopenWorkflow(execution.state, ended, index === undefined)
  execution.status = 'RUNNING'
  execution.error = null
  execution.failed -= reopened.reduce((sum, { failed }) => sum + failed, 0)
  const context = {
    reason: 'retry',
    scope: index === undefined ? 'failed' : 'iteration',
    elements: reopened.reduce((sum, { failed, cancelled, skipped }) => sum + failed + cancelled + skipped, 0),
    steps: ended.map(({ step }) => step).filter((step) => execution.state.steps[step] === 'running'),
    ...(index !== undefined && { step: reopened[0]?.step.step, index }),
  }
  appendEvents(db, [executionEvent('playbook_resumed', 'RUNNING', context)])
  return [orchestrateTicket(db)]
}

type Reopened = { step: StepRow; failed: number; cancelled: number; skipped: number }

function reopen(step: StepRow, only: number | undefined): Reopened | null {
  const chosen = step.iterations.filter(({ status, index }) =>
    only === undefined ? status === 'FAILED' || status === 'CANCELLED' : status === 'FAILED' && index === only,
  )
  const unbegun = step.iterations.filter(
    ({ status, epoch, index }) => only === undefined && status === 'SKIPPED' && epoch === 0 && index >= step.released,
  )
  if (chosen.length === 0 && unbegun.length === 0) return null
  const failed = chosen.filter(({ status }) => status === 'FAILED').length
  const cancelled = chosen.filter(({ status, index }) => status === 'CANCELLED' && index < step.released).length
  for (const row of [...chosen, ...unbegun]) {
    Object.assign(row, {
      status: 'PENDING',
      epoch: row.epoch === 0 ? 0 : row.epoch + 1,
      nextAttemptAt: chosen.includes(row) && row.index < step.released ? Infinity : null,
      idleStarts: 0,
      error: null,
      stopReason: null,
      warnings: [],
      checkpoint: row.epoch === 0 ? null : { ...row.checkpoint, reopen: true, told: false },
      ...NOBODYS,
    })
  }
  return { step, failed, cancelled, skipped: unbegun.length }
}

/** As server/executions/sweep.ts. */
export function sweep(db: Database): Ticket[] {
  const { execution } = db
  const now = db.now()
  const isFree = ({ leaseUntil }: IterationRow): boolean => leaseUntil === null || leaseUntil < now
  const isLoose = (row: IterationRow, step: StepRow): boolean => {
    if (row.status === 'RUNNING') return isFree(row)
    if (row.status === 'WAITING') return isFree(row) && (row.nextAttemptAt === null || row.nextAttemptAt < now)
    const isOld = step.releasedAt === null || step.releasedAt < now - LOST_AFTER_MS
    return row.status === 'PENDING' && row.index < step.released && row.nextAttemptAt === null && isOld
  }
  const isHeld = (row: IterationRow): boolean => row.status === 'RUNNING' && (row.leaseUntil ?? 0) > now
  const loose = execution.status === 'RUNNING' ? iterations(db, isLoose) : []
  const needsLook =
    (execution.status === 'PENDING' && execution.createdAt < now - 1_000) ||
    (execution.status === 'RUNNING' &&
      !execution.steps.some((step) => step.status === 'RUNNING' && step.iterations.some(isHeld)))
  return needsLook ? [...loose, orchestrateTicket(db)] : loose
}

const iterations = (db: Database, isWanted: (row: IterationRow, step: StepRow) => boolean): Ticket[] =>
  db.execution.steps
    .filter(({ status }) => status === 'RUNNING')
    .flatMap((step) => step.iterations.filter((row) => isWanted(row, step)).map((row) => elementTicket(db, step, row)))

const orchestrateTicket = ({ execution }: Database): Ticket => ({
  name: 'orchestrate',
  payload: { executionId: execution.run.executionId, seq: execution.lastSeq },
})
