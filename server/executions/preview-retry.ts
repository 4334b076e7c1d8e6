import type { RetryPreview, RetryRequest } from '@/domain/api/control'
import { pool } from '../db/pool'
import { noSuchExecution } from './read-events'
import { stepOfIndex } from './reopen-iterations'

/**
 * By the index of each step: what failed or was cancelled, and what a failure left out. An element whose pages were all
 * there (its sink failed) may need no request.
 */
const PREVIEW = `
  WITH chosen AS (
    SELECT i.step, i.iteration_index, i.pages, s.tool, i.checkpoint ->> 'status' AS place
    FROM noetl.step s
    JOIN noetl.iteration i USING (execution_id, step)
    WHERE s.execution_id = $1 AND i.status IN ('FAILED', 'CANCELLED')
      AND ($2::text IS NULL OR i.step = $2 AND i.iteration_index = $3)
  ), again AS (
    SELECT iteration_index, pages, tool, place FROM chosen
    UNION ALL
    SELECT i.iteration_index, i.pages, s.tool, NULL
    FROM noetl.step s
    JOIN noetl.iteration i USING (execution_id, step)
    WHERE s.execution_id = $1 AND i.status = 'SKIPPED' AND i.epoch = 0 AND i.iteration_index >= s.released
      AND i.step IN (SELECT step FROM chosen)
  )
  SELECT count(*)::int AS elements, coalesce(sum(pages), 0)::float8 AS pages_kept,
    (count(*) FILTER (WHERE tool = 'http' AND place IS DISTINCT FROM 'completed'))::int AS at_least_requests
  FROM again WHERE iteration_index >= 0`

/** What a retry would do, nothing of it done. Throws DomainError: `not_found`, `invalid_request`. */
export async function previewRetry(executionId: string, request: RetryRequest): Promise<RetryPreview> {
  const { rowCount } = await pool().query('SELECT 1 FROM noetl.execution WHERE execution_id = $1', [executionId])
  if (rowCount === 0) throw noSuchExecution(executionId)
  const [step, index] =
    request.scope === 'failed' ? [null, null] : [await stepOfIndex(pool(), executionId, request), request.index]
  const { rows } = await pool().query<RetryPreview>(PREVIEW, [executionId, step, index])
  return rows[0] ?? { elements: 0, pages_kept: 0, at_least_requests: 0 }
}
