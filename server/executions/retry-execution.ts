import { executionStatusSchema } from '@/domain/api/fields'
import type { RetryInPlace, RetryRequest } from '@/domain/api/control'
import { DomainError } from '@/domain/domain-error'
import { reopenWorkflow, type EndedStep } from '@/domain/execution/reopen-workflow'
import { isSettled } from '@/domain/execution/view'
import { executionEvent } from '@/domain/execution/workflow-events'
import { workflowStateSchema, type WorkflowState } from '@/domain/execution/workflow-state'
import { appendEvents } from '../db/append-events'
import type { Queryable } from '../db/pool'
import { withTransaction } from '../db/with-transaction'
import { leadOnAgain } from './leading-on'
import { loadRun, stepOf } from './load-run'
import { noSuchExecution } from './read-events'
import { refuseMissingElement } from './refuse-missing-element'
import { reopenIterations, reopenSteps } from './reopen-iterations'
import { reopenPage } from './reopen-page'
import { storesAgain } from './stores-again'
import { sendTickets, type Ticket } from './tickets'

type ExecutionRow = { status: string; state: unknown }

/** Keys that are remembered of an execution: its state is read and written with every decision about it. */
const MOST_KEYS = 100

/**
 * Tries again what did not end well in an execution that has ended; each element goes on at its failed page, and the
 * workflow goes on from there. A retry with an `idempotencyKey` that retried it before does nothing. Gives back the status
 * it has now. Throws DomainError: `not_found`, `conflict` when nothing can be retried.
 */
export async function retryExecution(
  executionId: string,
  request: RetryInPlace,
  idempotencyKey?: string,
): Promise<string> {
  const retried = await withTransaction(async (client) => {
    const execution = await lock(client, executionId)
    const keys = workflowStateSchema.parse(execution.state).retriedWith ?? []
    if (idempotencyKey !== undefined && keys.includes(idempotencyKey)) return { status: execution.status, tickets: [] }
    return { status: 'RUNNING', tickets: await reopen(client, execution, { executionId, request, idempotencyKey }) }
  })
  await sendTickets(retried.tickets)
  return retried.status
}

/** As `retryExecution`, inside the caller's transaction; the tickets are to be sent after its commit. */
export async function reopenExecution(
  client: Queryable,
  executionId: string,
  request: RetryInPlace,
): Promise<Ticket[]> {
  return reopen(client, await lock(client, executionId), { executionId, request, idempotencyKey: undefined })
}

type Retry = { executionId: string; request: RetryInPlace; idempotencyKey: string | undefined }

async function reopen(
  client: Queryable,
  execution: ExecutionRow,
  { executionId, request, idempotencyKey }: Retry,
): Promise<Ticket[]> {
  refuseInPlace(executionId, execution.status, request)
  const reopened =
    request.scope === 'page'
      ? await reopenPage(client, executionId, request)
      : await reopenIterations(client, executionId, request)
  const elements = reopened.reduce(
    (sum, { failed, cancelled, completed, skipped }) => sum + failed + cancelled + completed + skipped,
    0,
  )
  if (request.scope === 'iteration' && elements === 0) throw await nothingFailed(client, executionId, request)
  if (execution.status === 'COMPLETED' && reopened.length === 0) throw await nothingFailed(client, executionId, request)
  // One that can't be read by this version of the program is refused here, before it is on its way.
  await loadRun(client, executionId)
  await refuseStoringLoopTwice(client, executionId, reopened)
  const everything = request.scope === 'failed'
  const leadingOn = everything ? await leadOnAgain(client, executionId) : []
  const steps = await readSteps(client, executionId, new Set(reopened.map(({ step }) => step)))
  await reopenSteps(client, executionId, reopened)
  const state = withKey(reopenWorkflow(workflowStateSchema.parse(execution.state), steps, everything), idempotencyKey)
  await client.query(
    `DELETE FROM noetl.step WHERE execution_id = $1 AND step = ANY ($2::text[]) AND collection_size IS NULL`,
    [executionId, Object.keys(state.steps).filter((step) => state.steps[step] === 'entered')],
  )
  await client.query(
    `UPDATE noetl.execution SET status = 'RUNNING', ended_at = NULL, error = NULL, failed = failed - $2, state = $3
     WHERE execution_id = $1`,
    [executionId, reopened.reduce((sum, step) => sum + step.failed, 0), JSON.stringify(state)],
  )
  const again = steps.filter(({ step }) => state.steps[step] === 'running').map(({ step }) => step)
  const where = request.scope === 'failed' ? {} : { step: reopened[0]?.step, index: request.index }
  const event = executionEvent('playbook_resumed', 'RUNNING', {
    reason: 'retry',
    scope: request.scope,
    elements,
    steps: again,
    ...(leadingOn.length > 0 && { leading_on: leadingOn }),
    ...where,
    ...(request.scope === 'page' && { page: request.page }),
  })
  const seq = await appendEvents(client, executionId, [event])
  return [{ name: 'orchestrate', payload: { executionId, seq } }]
}

const withKey = (state: WorkflowState, key: string | undefined): WorkflowState =>
  key === undefined ? state : { ...state, retriedWith: [...(state.retriedWith ?? []), key].slice(-MOST_KEYS) }

async function lock(client: Queryable, executionId: string): Promise<ExecutionRow> {
  const { rows } = await client.query<ExecutionRow>(
    'SELECT status, state FROM noetl.execution WHERE execution_id = $1 AND removed_at IS NULL FOR NO KEY UPDATE',
    [executionId],
  )
  const row = rows[0]
  if (row === undefined) throw noSuchExecution(executionId)
  return row
}

/** Throws DomainError `conflict` for a run that goes on, and for a part of one that was cancelled. */
export function refuseInPlace(executionId: string, status: string, request: RetryInPlace): void {
  if (!isSettled(executionStatusSchema.parse(status))) {
    throw new DomainError('conflict', `Execution ${executionId} has not ended yet (${status.toLowerCase()}).`, {
      hint: 'Retry it when it has ended, or cancel it first.',
    })
  }
  if (status === 'CANCELLED' && request.scope !== 'failed') {
    throw new DomainError(
      'conflict',
      `Execution ${executionId} was cancelled, so its elements can only go on all together.`,
      { hint: 'Retry all that failed or was cancelled in it, not one element or page.' },
    )
  }
}

/** The refusal of a retry of what did not fail. Throws DomainError `not_found` for an element that is not there at all. */
export async function nothingFailed(
  client: Queryable,
  executionId: string,
  request: RetryRequest,
): Promise<DomainError> {
  if (request.scope === 'failed' || request.scope === 'all') {
    return new DomainError('conflict', `Nothing failed in execution ${executionId}, so there is nothing to retry.`)
  }
  await refuseMissingElement(client, executionId, request)
  const message = `Element ${request.index} of execution ${executionId} has not failed, so there is nothing to retry.`
  return new DomainError('conflict', message)
}

/** The sinks of a whole loop run again over all its elements: rows without a key would be there twice. Throws DomainError `conflict`. */
export async function refuseStoringLoopTwice(
  client: Queryable,
  executionId: string,
  reopened: readonly { step: string; closed: boolean }[],
): Promise<void> {
  const whole = reopened.filter(({ closed }) => closed)
  if (whole.length === 0) return
  const run = await loadRun(client, executionId)
  if (run === null) throw noSuchExecution(executionId)
  for (const { step } of whole) {
    const sink = stepOf(run, step).sinks.find(({ per, action }) => per === 'step' && storesAgain(action))
    if (sink === undefined) continue
    throw new DomainError(
      'conflict',
      `The rows of step "${step}" were stored as a whole; a retry would store them twice.`,
      {
        hint: 'Give the sink a key (mode: upsert, or ON CONFLICT in its statement), or let it store per element, and run the playbook again.',
      },
    )
  }
}

async function readSteps(client: Queryable, executionId: string, reopened: ReadonlySet<string>): Promise<EndedStep[]> {
  const { rows } = await client.query<Omit<EndedStep, 'reopened'>>(
    `SELECT step, status, tool IS NULL OR collection_size IS NOT NULL AS prepared
     FROM noetl.step WHERE execution_id = $1 ORDER BY started_at, step`,
    [executionId],
  )
  return rows.map((row) => ({ ...row, reopened: reopened.has(row.step) || row.status === 'CANCELLED' }))
}
