import type { RetryInPlace, RetryOfElement } from '@/domain/api/control'
import { CLOSING_INDEX } from '@/domain/execution/closing-iteration'
import { DomainError } from '@/domain/domain-error'
import { patiently, type Queryable } from '../db/pool'
import { REOPEN_MARK } from './reopened'

/** What was opened again of a step: elements that failed, that were cancelled under way, that had been left out. */
export type ReopenedStep = {
  step: string
  failed: number
  cancelled: number
  skipped: number
  /** Elements that had ended well, of which a page is fetched again. */
  completed: number
  /** The sinks of the whole step had stored its rows. */
  closed: boolean
}

/**
 * One statement, however many elements: they wait for their turn (`infinity`) where they had been handed out before; a
 * mark in the checkpoint tells the next claim to go on at the failed page. A step without pages begins anew. The epoch of
 * what had begun is raised, so that its ticket is a new one: one that waited may have an alarm set, far from now. What a
 * failure had left out begins with everything else only: one element is one element.
 */
const REOPEN = `
  WITH chosen AS MATERIALIZED (
    SELECT i.step, i.iteration_index, i.status, s.tool, i.iteration_index < s.released AS was_released
    FROM noetl.iteration i JOIN noetl.step s USING (execution_id, step)
    WHERE i.execution_id = $1 AND i.status IN ('FAILED', 'CANCELLED')
      AND ($2::text IS NULL OR i.step = $2 AND i.iteration_index = $3)
    ORDER BY i.step, i.iteration_index FOR NO KEY UPDATE OF i
  ), unbegun AS MATERIALIZED (
    SELECT i.step, i.iteration_index
    FROM noetl.iteration i JOIN noetl.step s USING (execution_id, step)
    WHERE $2::text IS NULL AND i.execution_id = $1 AND i.status = 'SKIPPED' AND i.epoch = 0 AND i.iteration_index >= s.released
    ORDER BY i.step, i.iteration_index FOR NO KEY UPDATE OF i
  ), closing AS MATERIALIZED (
    SELECT i.step, i.iteration_index, i.status FROM noetl.iteration i
    WHERE i.execution_id = $1 AND i.iteration_index = ${CLOSING_INDEX} AND i.status = 'COMPLETED'
      AND i.step IN (SELECT step FROM chosen)
    FOR NO KEY UPDATE
  ), again AS (
    SELECT step, iteration_index, was_released, tool FROM chosen
    UNION ALL SELECT step, iteration_index, false, 'http' FROM unbegun
    UNION ALL SELECT step, iteration_index, true, NULL FROM closing
  ), opened AS (
    UPDATE noetl.iteration i SET
      status = 'PENDING', epoch = CASE WHEN i.epoch = 0 THEN 0 ELSE i.epoch + 1 END,
      next_attempt_at = CASE WHEN a.was_released THEN 'infinity'::timestamptz END, idle_starts = 0,
      error = NULL, stop_reason = NULL, warnings = '[]', ended_at = NULL, worker_id = NULL, lease_until = NULL, claim_hash = NULL,
      checkpoint = CASE
        WHEN i.epoch = 0 THEN NULL
        WHEN a.tool IN ('http', 'playbook') THEN coalesce(i.checkpoint, '{}') || $4::jsonb
        ELSE $4::jsonb END
    FROM again a WHERE i.execution_id = $1 AND i.step = a.step AND i.iteration_index = a.iteration_index
  )
  SELECT c.step,
    count(*) FILTER (WHERE c.status = 'FAILED' AND c.iteration_index >= 0)::int AS failed,
    count(*) FILTER (WHERE c.status = 'CANCELLED' AND c.iteration_index >= 0 AND c.was_released)::int AS cancelled,
    count(*) FILTER (WHERE c.status = 'SKIPPED')::int AS skipped, 0 AS completed,
    EXISTS (SELECT FROM closing l WHERE l.step = c.step) AS closed
  FROM (
    SELECT step, iteration_index, status, was_released FROM chosen
    UNION ALL SELECT step, iteration_index, 'SKIPPED', false FROM unbegun
  ) c GROUP BY c.step ORDER BY c.step`

/** Opens iterations of an ended execution again, as asked for. Throws DomainError when several steps have such an index. */
export async function reopenIterations(
  client: Queryable,
  executionId: string,
  request: Exclude<RetryInPlace, { scope: 'page' }>,
): Promise<ReopenedStep[]> {
  const [step, index] =
    request.scope === 'failed' ? [null, null] : [await stepOfIndex(client, executionId, request), request.index]
  const { rows } = await client.query<ReopenedStep>(
    patiently({ text: REOPEN, values: [executionId, step, index, REOPEN_MARK] }),
  )
  return rows
}

/** The steps of opened iterations run again; those that were cancelled between two iterations as well. */
export async function reopenSteps(
  client: Queryable,
  executionId: string,
  reopened: readonly ReopenedStep[],
): Promise<void> {
  await client.query(
    `UPDATE noetl.step s SET status = 'RUNNING', ended_at = NULL, error = NULL, result = NULL, released_at = clock_timestamp(),
       failed = s.failed - coalesce(r.failed, 0), skipped = s.skipped - coalesce(r.skipped, 0),
       completed = s.completed - coalesce(r.completed, 0),
       queued = coalesce(r.failed, 0) + coalesce(r.cancelled, 0) + coalesce(r.completed, 0)
     FROM noetl.step t
     LEFT JOIN jsonb_to_recordset($2::jsonb) AS r (step text, failed int, cancelled int, skipped int, completed int) ON r.step = t.step
     WHERE t.execution_id = $1 AND s.execution_id = t.execution_id AND s.step = t.step
       AND (r.step IS NOT NULL OR t.status = 'CANCELLED')`,
    [executionId, JSON.stringify(reopened)],
  )
}

/** An index alone names a failed element where only one step has one of it. Throws DomainError. */
export async function stepOfIndex(
  client: Queryable,
  executionId: string,
  { step, index }: Pick<RetryOfElement, 'step' | 'index'>,
): Promise<string> {
  if (step !== undefined) return step
  const { rows } = await client.query<{ step: string }>(
    `SELECT step FROM noetl.iteration WHERE execution_id = $1 AND iteration_index = $2 AND status = 'FAILED' ORDER BY step`,
    [executionId, index],
  )
  const names = rows.map((row) => row.step)
  if (names.length > 1) {
    throw new DomainError('invalid_request', `Element ${index} failed in several steps: ${names.join(', ')}.`, {
      places: [{ path: 'step', message: `one of ${names.join(', ')}` }],
    })
  }
  return names[0] ?? ''
}
