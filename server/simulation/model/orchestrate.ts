import { atOnce } from '@/domain/in-turns'
import { analyseCollection } from '@/domain/execution/analyse-collection'
import { collectPages } from '@/domain/execution/collect-pages'
import { nextMove, type Move } from '@/domain/execution/decide'
import type { ErrorFacts } from '@/domain/execution/events'
import { leftOut } from '@/domain/execution/left-out'
import type { LoopCounts } from '@/domain/execution/loop-window'
import { labelOf } from '@/domain/execution/view-context'
import {
  executionEvent,
  iteratorStarted,
  stepCompleted,
  stepEvent,
  stepFailed,
  stepsLeftOut,
  workflowInitialized,
  type StepStats,
} from '@/domain/execution/workflow-events'
import { withPhase } from '@/domain/execution/workflow-state'
import type { Loop, Step } from '@/domain/playbook/playbook'
import type { Scope } from '@/domain/playbook/template/evaluate-template'
import { workloadScope } from '@/server/executions/build-scope'
import type { Ticket } from '@/server/executions/tickets'
import {
  appendEvents,
  newIteration,
  stepRow,
  type Database,
  type ExecutionRow,
  type IterationRow,
  type StepRow,
} from './rows'

/** As server/executions/orchestrate.ts for http steps without conditions: all moves under one lock, tickets given back. */
export function orchestrate(db: Database): Ticket[] {
  const { execution } = db
  const tickets: Ticket[] = []
  if (execution.status !== 'PENDING' && execution.status !== 'RUNNING') return tickets
  for (;;) {
    const move = nextMove(execution.run.playbook, execution.state, loopCounts(db))
    if (move.do === 'rest') return tickets
    makeMove(db, move, tickets)
    if (move.do === 'end') return tickets
  }
}

const loopCounts = (db: Database): Map<string, LoopCounts> =>
  new Map(
    db.execution.steps
      .filter((row) => row.status === 'RUNNING')
      .map((row) => [
        row.step,
        {
          size: row.size,
          concurrency: row.concurrency,
          released: row.released,
          completed: row.completed,
          failed: row.failed,
          skipped: row.skipped,
          queued: row.queued,
          closing: null,
        },
      ]),
  )

function makeMove(db: Database, move: Exclude<Move, { do: 'rest' }>, tickets: Ticket[]): void {
  switch (move.do) {
    case 'begin':
      return begin(db)
    case 'start':
      return start(db, move.step)
    case 'release': {
      const step = rowOf(db, move.step)
      step.released = move.to
      step.releasedAt = db.now()
      const rows = step.iterations.slice(move.from, move.to).filter((row) => row.status === 'PENDING')
      tickets.push(...rows.map((row) => elementTicket(db, step, row)))
      return
    }
    case 'requeue': {
      const step = rowOf(db, move.step)
      const due = step.iterations.filter((row) => row.status === 'PENDING' && row.nextAttemptAt === Infinity)
      step.queued -= move.count
      step.releasedAt = db.now()
      for (const row of due.slice(0, move.count)) {
        row.nextAttemptAt = null
        tickets.push(elementTicket(db, step, row))
      }
      return
    }
    case 'complete':
      return complete(db, move.step)
    case 'fail':
      return fail(db, move)
    case 'route':
      return route(db, move.step)
    case 'end':
      return end(db, move.status)
    case 'close':
      throw new Error('The model has no sinks.')
  }
}

function begin(db: Database): void {
  const { execution } = db
  const { playbook, workload } = execution.run
  execution.status = 'RUNNING'
  execution.startedAt = db.now()
  const context = { path: playbook.path, version: null, workload, trigger: {} }
  appendEvents(db, [executionEvent('playbook_started', 'STARTED', context), workflowInitialized(playbook)])
  const first = playbook.workflow.find(({ step }) => step === 'start') ?? playbook.workflow[0]
  execution.state = { ...execution.state, begun: true }
  if (first !== undefined) execution.state = withPhase(execution.state, first.step, 'entered')
}

function start(db: Database, step: Step): void {
  const { execution } = db
  const routes = step.tool === null
  const analysed = isLooped(step)
    ? atOnce(analyseCollection(step.step, step.loop, scopeOf(db)))
    : { totalCount: 1, elements: [null], concurrency: 1 }
  const labels = isLooped(step) ? analysed.elements.map(labelOf) : [step.step]
  execution.steps.push({
    step: step.step,
    tool: step.tool,
    status: routes ? 'COMPLETED' : 'RUNNING',
    size: routes ? null : analysed.elements.length,
    concurrency: analysed.concurrency,
    released: 0,
    releasedAt: null,
    queued: 0,
    completed: 0,
    failed: 0,
    skipped: 0,
    pages: 0,
    items: 0,
    error: null,
    startedAt: db.now(),
    iterations: routes
      ? []
      : analysed.elements.map((element, index) => newIteration(index, element, labels[index] ?? '')),
  })
  appendEvents(db, [stepEvent('step_started', 'STARTED', step.step, { tool: step.tool })])
  if (routes) {
    appendEvents(db, [stepEvent('step_result', 'COMPLETED', step.step, { tool: null })])
    execution.state = withPhase(execution.state, step.step, 'finished')
    return
  }
  execution.elements += analysed.elements.length
  appendEvents(db, [stepEvent('action_started', 'STARTED', step.step, { tool: step.tool })])
  if (isLooped(step)) appendEvents(db, [iteratorStarted(step, analysed)])
  execution.state = withPhase(execution.state, step.step, 'running')
}

/** As server/executions/build-scope.ts, of the steps only the values of their iterations. */
function scopeOf({ execution }: Database): Scope {
  const scope: Record<string, unknown> = { ...workloadScope(execution.run) }
  for (const { step: name, status, iterations: rows } of execution.steps) {
    const step = execution.run.playbook.workflow.find((each) => each.step === name)
    if (step === undefined || (status !== 'COMPLETED' && status !== 'FAILED')) continue
    const values = rows.map((row) => valueOf(execution, step, row))
    // Without a loop the list that it gathered is what there is to loop over.
    scope[name] = { results: step.loop === null && Array.isArray(values[0]) ? values[0] : values }
  }
  return scope
}

function valueOf({ pageRows }: ExecutionRow, step: Step, { index, status }: IterationRow): unknown {
  if (status !== 'COMPLETED') return null
  const pages = pageRows.filter((page) => page.step === step.step && page.index === index).map(({ record }) => record)
  return collectPages(
    step,
    pages.toSorted((a, b) => a.page - b.page),
  )
}

const isLooped = (step: Step): step is Step & { loop: Loop } => step.loop !== null

function complete(db: Database, step: Step): void {
  const row = rowOf(db, step)
  row.status = 'COMPLETED'
  const facts = factsOfOnly(step, row)
  appendEvents(db, stepCompleted(step, statsOf(row), { duration_ms: db.now() - row.startedAt, ...facts }))
  db.execution.state = withPhase(db.execution.state, step.step, 'finished')
}

/** Without a loop the only iteration speaks for the step. */
function factsOfOnly({ loop }: Step, { iterations: rows }: StepRow): Record<string, unknown> {
  const only = rows[0]
  if (loop !== null || only === undefined) return {}
  return { stop_reason: only.stopReason, warnings: only.warnings, pages: only.pages, items: only.items }
}

function fail(db: Database, { step, unreleased }: Extract<Move, { do: 'fail' }>): void {
  const row = rowOf(db, step)
  if (unreleased > 0) {
    const left = row.iterations.filter((one) => one.index >= row.released && one.status === 'PENDING')
    for (const one of left) one.status = 'SKIPPED'
    row.skipped += left.length
  }
  row.error = errorOf(step, row)
  row.status = 'FAILED'
  const ended = { acted: true, stats: statsOf(row), durationMs: db.now() - row.startedAt }
  appendEvents(db, stepFailed(step, row.error, { ...ended, facts: factsOfOnly(step, row) }))
  db.execution.state = withPhase(db.execution.state, step.step, 'failed')
}

function errorOf(step: Step, row: StepRow): ErrorFacts {
  const failed = row.iterations.find((one) => one.status === 'FAILED')
  if (failed === undefined && row.skipped > 0) return leftOut(row.skipped)
  const error = failed?.error ?? null
  if (failed === undefined || error === null) throw new Error(`Step "${step.step}" failed without an error.`)
  if (step.loop === null) return error
  return { ...error, message: `Element "${failed.label}" (#${failed.index}) failed: ${error.message}` }
}

function route(db: Database, step: Step): void {
  const { execution } = db
  for (const { step: target } of step.next) {
    const phase = execution.state.steps[target]
    if (phase === undefined || phase === 'entered') execution.state = withPhase(execution.state, target, 'entered')
    else if (!execution.state.reopened?.includes(step.step)) throw new Error('The model runs a step once.')
  }
  execution.state = withPhase(execution.state, step.step, 'routed')
}

function end(db: Database, status: 'COMPLETED' | 'FAILED'): void {
  const { execution } = db
  if (status === 'FAILED') appendEvents(db, stepsLeftOut(execution.run.playbook.workflow, execution.state))
  const failed = execution.run.playbook.workflow.find(({ step }) => execution.state.steps[step] === 'failed')
  const error = failed === undefined ? null : (stepRow(db, failed.step)?.error ?? null)
  execution.status = status
  execution.error =
    error === null || failed === undefined
      ? null
      : { ...error, message: `Step "${failed.step}" failed: ${error.message}` }
  const { elements, failed: failures, pages, items, retries } = execution
  const stats = { elements, failed: failures, pages, items, retries }
  const context = { stats, duration_ms: db.now() - (execution.startedAt ?? 0) }
  const type = status === 'COMPLETED' ? 'playbook_completed' : 'playbook_failed'
  appendEvents(db, [executionEvent(type, status, { ...context, ...(execution.error && { error: execution.error }) })])
}

const statsOf = (row: StepRow): StepStats => ({
  total: row.size ?? 0,
  success: row.completed,
  failed: row.failed,
  skipped: row.skipped,
  pages: row.pages,
  items: row.items,
})

function rowOf(db: Database, step: Step): StepRow {
  const row = stepRow(db, step.step)
  if (row === undefined) throw new Error(`Step "${step.step}" has no row.`)
  return row
}

/** The ticket of an iteration as it stands. */
export const elementTicket = (db: Database, { step }: StepRow, { index, epoch }: IterationRow): Ticket => ({
  name: 'element',
  payload: { executionId: db.execution.run.executionId, step, index, epoch },
})
