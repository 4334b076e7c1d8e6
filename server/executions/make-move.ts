import type { Move } from '@/domain/execution/decide'
import { CLOSING_INDEX } from '@/domain/execution/closing-iteration'
import { errorFactsOf } from '@/domain/execution/error-facts'
import type { ErrorFacts } from '@/domain/execution/events'
import {
  executionEvent,
  stepEvent,
  stepFailed,
  stepSkipped,
  workflowInitialized,
} from '@/domain/execution/workflow-events'
import { takenEntries, unreachableSteps } from '@/domain/execution/workflow-graph'
import { withPhase } from '@/domain/execution/workflow-state'
import { DomainError } from '@/domain/domain-error'
import type { Step } from '@/domain/playbook/playbook'
import { budgetAtOnce } from '@/domain/playbook/template/budget'
import { evaluateCondition } from '@/domain/playbook/template/evaluate-template'
import { maskSecretText } from '@/domain/playbook/template/secret-text'
import { buildScope, workloadScope } from './build-scope'
import { endExecution } from './end-execution'
import { completeStep, failStep } from './end-step'
import { isPassing } from './is-passing'
import type { Orchestration } from './orchestration'
import { prepareStep } from './prepare-step'
import { WHILE_LEADING_ON } from './leading-on'

/** Does one move: rows now, events and tickets noted for the commit. */
export async function makeMove(work: Orchestration, move: Exclude<Move, { do: 'rest' }>): Promise<void> {
  switch (move.do) {
    case 'begin':
      return begin(work)
    case 'start':
      return start(work, move.step)
    case 'release':
      return release(work, move)
    case 'requeue':
      return requeue(work, move)
    case 'close':
      return close(work, move.step)
    case 'complete':
      return completeStep(work, move.step)
    case 'fail':
      return failStep(work, move)
    case 'route':
      return route(work, move.step)
    case 'end':
      return endExecution(work, { status: move.status })
  }
}

async function begin(work: Orchestration): Promise<void> {
  const { client, run, execution } = work
  await client.query({
    name: 'begin-execution',
    text: `UPDATE noetl.execution SET status = 'RUNNING', started_at = clock_timestamp() WHERE execution_id = $1`,
    values: [run.executionId],
  })
  const { path, version, trigger } = execution
  const started = executionEvent('playbook_started', 'STARTED', { path, version, workload: run.workload, trigger })
  work.events.push(started, workflowInitialized(run.playbook))
  const first = run.playbook.workflow.find(({ step }) => step === 'start') ?? run.playbook.workflow[0]
  work.state =
    first === undefined
      ? { ...work.state, begun: true }
      : withPhase({ ...work.state, begun: true }, first.step, 'entered')
  // A workload that can't be evaluated fails the run here, with its own words, and not in every step.
  started.context['workload'] = maskSecretText(workloadScope(run)['workload'])
}

async function start(work: Orchestration, step: Step): Promise<void> {
  const { client, run, events } = work
  const routes = step.tool === null
  await client.query({
    name: 'start-step',
    text: `INSERT INTO noetl.step (execution_id, step, tool, status, started_at, ended_at)
           VALUES ($1, $2, $3, $4, clock_timestamp(), CASE WHEN $4 = 'COMPLETED' THEN clock_timestamp() END)`,
    values: [run.executionId, step.step, step.tool, routes ? 'COMPLETED' : 'RUNNING'],
  })
  events.push(stepEvent('step_started', 'STARTED', step.step, { tool: step.tool }))
  if (routes) {
    events.push(stepEvent('step_result', 'COMPLETED', step.step, { tool: null }))
    work.state = withPhase(work.state, step.step, 'finished')
    return
  }
  try {
    const { size, concurrency, events: begun } = await prepareStep(client, run, step)
    events.push(...begun)
    work.counts.set(step.step, {
      size,
      concurrency,
      released: 0,
      completed: 0,
      failed: 0,
      skipped: 0,
      queued: 0,
      closing: null,
    })
    work.state = withPhase(work.state, step.step, 'running')
  } catch (error) {
    if (!(error instanceof DomainError) || isPassing(error)) throw error
    await failBesideWork(work, step, errorFactsOf(error))
  }
}

/** Before its work began, or after it had ended. */
async function failBesideWork(work: Orchestration, step: Step, error: ErrorFacts, mark: object = {}): Promise<void> {
  await work.client.query({
    name: 'fail-step',
    text: `UPDATE noetl.step SET status = 'FAILED', error = $3, ended_at = clock_timestamp() WHERE execution_id = $1 AND step = $2`,
    values: [work.run.executionId, step.step, JSON.stringify({ ...error, ...mark })],
  })
  work.events.push(...stepFailed(step, error, { acted: false }))
  work.state = withPhase(work.state, step.step, 'failed')
}

async function release(work: Orchestration, { step, from, to }: Extract<Move, { do: 'release' }>): Promise<void> {
  const { client, run, counts } = work
  const { rows } = await client.query<{ index: number; epoch: number }>({
    name: 'release-iterations',
    text: `WITH released AS (UPDATE noetl.step SET released = $4, released_at = clock_timestamp() WHERE execution_id = $1 AND step = $2)
           SELECT iteration_index AS index, epoch FROM noetl.iteration
           WHERE execution_id = $1 AND step = $2 AND iteration_index >= $3 AND iteration_index < $4 AND status = 'PENDING'`,
    values: [run.executionId, step.step, from, to],
  })
  for (const row of rows) {
    work.tickets.push({ name: 'element', payload: { executionId: run.executionId, step: step.step, ...row } })
  }
  const known = counts.get(step.step)
  if (known !== undefined) counts.set(step.step, { ...known, released: to })
}

async function requeue(work: Orchestration, { step, count }: Extract<Move, { do: 'requeue' }>): Promise<void> {
  const { client, run, counts } = work
  const { rows } = await client.query<{ index: number; epoch: number }>({
    name: 'requeue-iterations',
    text: `WITH due AS (
             SELECT iteration_index FROM noetl.iteration
             WHERE execution_id = $1 AND step = $2 AND status = 'PENDING' AND next_attempt_at = 'infinity' AND iteration_index >= 0
             ORDER BY iteration_index LIMIT $3
           ), counted AS (
             UPDATE noetl.step SET queued = queued - $3, released_at = clock_timestamp() WHERE execution_id = $1 AND step = $2
           )
           UPDATE noetl.iteration i SET next_attempt_at = NULL FROM due
           WHERE i.execution_id = $1 AND i.step = $2 AND i.iteration_index = due.iteration_index
           RETURNING i.iteration_index AS index, i.epoch`,
    values: [run.executionId, step.step, count],
  })
  for (const row of rows) {
    work.tickets.push({ name: 'element', payload: { executionId: run.executionId, step: step.step, ...row } })
  }
  const known = counts.get(step.step)
  if (known !== undefined) counts.set(step.step, { ...known, queued: known.queued - count })
}

/** Hands out the closing iteration: claimed, retried after a crash and settled as any other. */
async function close(work: Orchestration, step: Step): Promise<void> {
  const { client, run, counts } = work
  const { rows } = await client.query<{ epoch: number }>({
    name: 'insert-closing-iteration',
    text: `INSERT INTO noetl.iteration (execution_id, step, iteration_index, label) VALUES ($1, $2, ${CLOSING_INDEX}, $2)
           ON CONFLICT (execution_id, step, iteration_index) DO UPDATE SET next_attempt_at = NULL
           RETURNING epoch`,
    values: [run.executionId, step.step],
  })
  const payload = { executionId: run.executionId, step: step.step, index: CLOSING_INDEX, epoch: rows[0]?.epoch ?? 0 }
  work.tickets.push({ name: 'element', payload })
  const known = counts.get(step.step)
  if (known !== undefined) counts.set(step.step, { ...known, closing: 'PENDING' })
}

async function route(work: Orchestration, step: Step): Promise<void> {
  const { playbook } = work.run
  try {
    const scope = await buildScope(
      work.client,
      work.run,
      step.next.map(({ when }) => when),
    )
    const budget = budgetAtOnce()
    const holds = (when: string): boolean => evaluateCondition(when, scope, budget)
    for (const entry of takenEntries(step.next, holds)) enter(work, step, entry.step)
  } catch (error) {
    if (isPassing(error)) throw error
    await failBesideWork(work, step, errorFactsOf(error), WHILE_LEADING_ON)
    return
  }
  work.state = withPhase(work.state, step.step, 'routed')
  for (const skipped of unreachableSteps(playbook.workflow, work.state)) {
    work.events.push(stepSkipped(skipped))
    work.state = withPhase(work.state, skipped.step, 'skipped')
  }
}

function enter(work: Orchestration, from: Step, target: string): void {
  const phase = work.state.steps[target]
  if (phase !== undefined && phase !== 'entered') {
    if (work.state.reopened?.includes(from.step)) return
    throw new DomainError(
      'invalid_playbook',
      `Step "${from.step}" leads back to "${target}", which has run already; a step runs once.`,
      {
        hint: 'Use a loop or paginate to repeat work.',
      },
    )
  }
  work.state = withPhase(work.state, target, 'entered')
}
