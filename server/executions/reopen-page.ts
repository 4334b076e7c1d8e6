import type { RetryOfPage } from '@/domain/api/control'
import { CLOSING_INDEX } from '@/domain/execution/closing-iteration'
import { DomainError } from '@/domain/domain-error'
import { errorFactsSchema, type ErrorFacts } from '@/domain/execution/events'
import type { JsonObject } from '@/domain/json'
import type { Queryable } from '../db/pool'
import type { Again } from './again'
import { loadRun, stepOf } from './load-run'
import { noSuchExecution } from './read-events'
import { refuseMissingElement } from './refuse-missing-element'
import { withoutMark } from './reopened'
import { mayStoreAgain } from './stores-again'
import { reopenIterations, type ReopenedStep } from './reopen-iterations'

type ElementRow = {
  step: string
  status: string
  error: unknown
  stop_reason: string | null
  warnings: unknown[]
  checkpoint: JsonObject | null
  saved: boolean
}

type EndedElement = Omit<ElementRow, 'status' | 'error'> & { status: 'COMPLETED' | 'FAILED'; error: ErrorFacts | null }

/** The http step of an element whose page can be fetched again. Throws DomainError as `reopenPage` does. */
export async function stepOfPage(client: Queryable, executionId: string, request: RetryOfPage): Promise<string> {
  const { step, status, saved } = await findPage(client, executionId, request)
  if (saved && status === 'COMPLETED') await refuseStoringElementTwice(client, executionId, step)
  return step
}

const FIND = `
  SELECT i.step, i.status, i.error, i.stop_reason, i.warnings, i.checkpoint,
    EXISTS (SELECT FROM noetl.page p WHERE p.execution_id = $1 AND p.step = i.step
      AND p.iteration_index = i.iteration_index AND p.page = $4) AS saved
  FROM noetl.iteration i JOIN noetl.step s USING (execution_id, step)
  WHERE i.execution_id = $1 AND i.iteration_index = $3 AND s.tool = 'http' AND ($2::text IS NULL OR i.step = $2)
  ORDER BY i.step`

const OPEN = `
  UPDATE noetl.iteration SET
    status = 'PENDING', next_attempt_at = 'infinity', idle_starts = 0, error = NULL, stop_reason = NULL, warnings = '[]',
    ended_at = NULL, worker_id = NULL, lease_until = NULL, claim_hash = NULL, checkpoint = $4::jsonb
  WHERE execution_id = $1 AND step = $2 AND iteration_index = $3`

const OPEN_CLOSING = `
  UPDATE noetl.iteration SET status = 'PENDING', next_attempt_at = 'infinity', idle_starts = 0, ended_at = NULL,
    claim_hash = NULL, checkpoint = NULL
  WHERE execution_id = $1 AND step = $2 AND iteration_index = ${CLOSING_INDEX} AND status = 'COMPLETED'`

/**
 * Opens one element again for one of its pages: a saved one is fetched again in its place, and the page that failed is
 * where the element goes on anyway. Throws DomainError: `not_found`, `conflict`, `invalid_request`.
 */
export async function reopenPage(
  client: Queryable,
  executionId: string,
  request: RetryOfPage,
): Promise<ReopenedStep[]> {
  const { error, ...element } = await findPage(client, executionId, request)
  if (!element.saved) {
    return reopenIterations(client, executionId, { scope: 'iteration', index: request.index, step: element.step })
  }
  const { step, status } = element
  if (status === 'COMPLETED') await refuseStoringElementTwice(client, executionId, step)
  const again: Again = {
    page: request.page,
    status,
    error,
    stop_reason: element.stop_reason,
    warnings: element.warnings,
    checkpoint: withoutMark(element.checkpoint),
  }
  await client.query(OPEN, [executionId, step, request.index, JSON.stringify({ reopen: true, again })])
  const closing = await client.query(OPEN_CLOSING, [executionId, step])
  const counted = { failed: status === 'FAILED' ? 1 : 0, completed: status === 'COMPLETED' ? 1 : 0 }
  return [{ step, cancelled: 0, skipped: 0, closed: closing.rowCount === 1, ...counted }]
}

/** The element of a page that is saved, or at which it failed. */
async function findPage(client: Queryable, executionId: string, request: RetryOfPage): Promise<EndedElement> {
  const element = await findElement(client, executionId, request)
  const error = errorFactsSchema.nullable().parse(element.error)
  const failedThere = element.status === 'FAILED' && error?.page === request.page
  if (!element.saved && !failedThere) throw noSuchPage(executionId, request)
  const { status } = element
  if (status !== 'COMPLETED' && status !== 'FAILED') throw notWhole(request, element)
  return { ...element, status, error }
}

async function findElement(
  client: Queryable,
  executionId: string,
  { step, index, page }: RetryOfPage,
): Promise<ElementRow> {
  const { rows } = await client.query<ElementRow>(FIND, [executionId, step ?? null, index, page])
  if (rows.length > 1) {
    const names = rows.map((row) => row.step).join(', ')
    throw new DomainError('invalid_request', `Several steps have an element ${index}: ${names}.`, {
      places: [{ path: 'step', message: `one of ${names}` }],
    })
  }
  const element = rows[0]
  if (element === undefined) {
    await refuseMissingElement(client, executionId, { step, index })
    throw noSuchPage(executionId, { step, index, page })
  }
  return element
}

const noSuchPage = (executionId: string, { index, page }: Pick<RetryOfPage, 'index' | 'page' | 'step'>): DomainError =>
  new DomainError('not_found', `Element ${index} of execution ${executionId} has no page ${page}, saved or failed.`)

const notWhole = ({ index }: RetryOfPage, { status }: Pick<ElementRow, 'status'>): DomainError =>
  new DomainError(
    'conflict',
    `Element ${index} has not come to an end (${status.toLowerCase()}): a page of it can't be fetched again yet.`,
    { hint: 'Retry all that failed in the run first: it goes on where it was.' },
  )

/** Sinks of the element run once more, over all its pages; only a statement that says what to do with rows that are there may. */
async function refuseStoringElementTwice(client: Queryable, executionId: string, step: string): Promise<void> {
  const run = await loadRun(client, executionId)
  if (run === null) throw noSuchExecution(executionId)
  const doubling = stepOf(run, step).sinks.find(({ action }) => mayStoreAgain(action))
  if (doubling === undefined) return
  throw new DomainError(
    'conflict',
    `The sink of step "${step}" has stored this element; with another page it would store it twice.`,
    { hint: 'Give the sink a key (mode: upsert, or ON CONFLICT in its statement), and run the playbook again.' },
  )
}
