import { isAnew, type RetryAnew, type RetryInPlace, type RetryPreview, type RetryRequest } from '@/domain/api/control'
import { CLOSING_INDEX } from '@/domain/execution/closing-iteration'
import { objectWithDigits } from '@/domain/json-precise'
import { pool } from '../db/pool'
import { busyExecution } from '../schedules/is-schedule-busy'
import { planNewRun } from './plan-new-run'
import { noSuchExecution } from './read-events'
import { readLimitReset } from './read-limit-reset'
import { stepOfIndex } from './reopen-iterations'
import { nothingFailed, refuseStoringLoopTwice, refuseInPlace } from './retry-execution'
import { stepOfPage } from './reopen-page'

type Counts = Pick<RetryPreview, 'elements' | 'pages_kept' | 'at_least_requests'>

/**
 * By the index of each step: what failed or was cancelled, and what a failure left out. An element whose pages were all
 * there (its sink failed) may need no request. The sinks of a whole loop are no element, and keep the pages of those that
 * are not tried again. `children`: the executions whose elements are opened along with theirs, which those of one that
 * completed are not.
 */
const AGAIN = `
  WITH chosen AS (
    SELECT i.iteration_index, s.tool, i.checkpoint,
      CASE WHEN i.iteration_index >= 0 THEN i.pages ELSE (
        SELECT coalesce(sum(k.pages), 0) FROM noetl.iteration k
        WHERE k.execution_id = i.execution_id AND k.step = i.step AND k.status NOT IN ('FAILED', 'CANCELLED')
      ) END AS pages
    FROM noetl.step s
    JOIN noetl.iteration i USING (execution_id, step)
    WHERE s.execution_id = ANY ($1::bigint[]) AND i.status IN ('FAILED', 'CANCELLED')
      AND ($2::text IS NULL OR i.step = $2 AND i.iteration_index = $3)
  ), again AS (
    SELECT iteration_index, pages, tool, checkpoint FROM chosen
    UNION ALL
    SELECT i.iteration_index, i.pages, s.tool, NULL
    FROM noetl.step s
    JOIN noetl.iteration i USING (execution_id, step)
    WHERE $2::text IS NULL AND s.execution_id = ANY ($1::bigint[]) AND i.status = 'SKIPPED' AND i.epoch = 0
      AND i.iteration_index >= s.released
  )
  SELECT (count(*) FILTER (WHERE iteration_index >= 0))::int AS elements, coalesce(sum(again.pages), 0)::float8 AS pages_kept,
    (count(*) FILTER (WHERE tool = 'http' AND iteration_index >= 0 AND checkpoint ->> 'status' IS DISTINCT FROM 'completed'))::int AS at_least_requests,
    coalesce(array_agg(c.execution_id) FILTER (WHERE c.execution_id IS NOT NULL), '{}') AS children
  FROM again
  LEFT JOIN noetl.execution c ON tool = 'playbook' AND iteration_index >= 0 AND c.execution_id = (checkpoint ->> 'child')::bigint AND c.status <> 'COMPLETED'`

/** One page of one element; the others of it are kept. */
const PAGE = `
  SELECT count(*)::int AS elements, count(*)::int AS at_least_requests,
    (SELECT count(*) FROM noetl.page p WHERE p.execution_id = $1 AND p.step = $2 AND p.iteration_index = $3 AND p.page <> $4)::float8 AS pages_kept
  FROM noetl.iteration WHERE execution_id = $1 AND step = $2 AND iteration_index = $3`

/** As many requests as the run before had elements to ask for; where `only` names some of a step, as many as those. */
const ANEW = `
  WITH ran AS (
    SELECT i.step, s.tool, count(*)::int AS elements
    FROM noetl.step s JOIN noetl.iteration i USING (execution_id, step)
    WHERE s.execution_id = $1 AND i.iteration_index >= 0 GROUP BY i.step, s.tool
  ), again AS (
    SELECT step, tool, coalesce(jsonb_array_length($2::jsonb -> step), elements) AS elements, $2::jsonb ? step AS chosen FROM ran
  )
  SELECT coalesce(sum(elements) FILTER (WHERE tool = 'http'), 0)::int AS at_least_requests,
    coalesce(sum(elements) FILTER (WHERE chosen OR $3 AND tool = 'http'), 0)::int AS elements, 0::float8 AS pages_kept
  FROM again`

type Ran = { status: string; version: number | null; newest: number | null; scheduleId: string | null }

/**
 * What a retry would do, nothing of it done. Throws DomainError: `not_found`, `invalid_request`, `conflict` where the run
 * goes on, was cancelled, has nothing to retry or rows that would be stored twice, as the retry would, and what planning a new run throws.
 */
export async function previewRetry(executionId: string, request: RetryRequest): Promise<RetryPreview> {
  const { rows } = await pool().query<Ran>(
    `SELECT e.status, e.version, p.latest_version AS newest, e.trigger ->> 'schedule_id' AS "scheduleId"
     FROM noetl.execution e LEFT JOIN noetl.playbook p USING (path)
     WHERE e.execution_id = $1 AND e.removed_at IS NULL`,
    [executionId],
  )
  const ran = rows[0]
  if (ran === undefined) throw noSuchExecution(executionId)
  if (!isAnew(request)) refuseInPlace(executionId, ran.status, request)
  const known = {
    limit_resets: await readLimitReset(executionId),
    newest_version: ran.newest,
    beside: ran.scheduleId === null ? null : await busyExecution(pool(), ran.scheduleId),
  }
  if (isAnew(request)) return { ...(await previewAnew(executionId, request)), ...known }
  const counts = await countInPlace(executionId, request)
  // A run that failed may go on where no element of it is tried again.
  const isNothing = counts.elements === 0 && (request.scope === 'iteration' || ran.status === 'COMPLETED')
  if (isNothing) throw await nothingFailed(pool(), executionId, request)
  return { ...counts, ...known, new_execution: false, version: ran.version, workload: null }
}

async function countInPlace(executionId: string, request: RetryInPlace): Promise<Counts> {
  if (request.scope === 'page') {
    const step = await stepOfPage(pool(), executionId, request)
    await refuseStoringLoopTwice(pool(), executionId, await closedSteps(executionId, step, null))
    return firstOf(await pool().query<Counts>(PAGE, [executionId, step, request.index, request.page]))
  }
  const [step, index] =
    request.scope === 'failed' ? [null, null] : [await stepOfIndex(pool(), executionId, request), request.index]
  await refuseStoringLoopTwice(pool(), executionId, await closedSteps(executionId, step, index))
  const { children, ...counts } = await countAgain([executionId], step, index)
  let below = children
  // As deep as playbooks run inside one another; what a child asks for counts, its elements are not those of this run.
  while (below.length > 0) {
    const inside = await countAgain(below, null, null)
    counts.pages_kept += inside.pages_kept
    counts.at_least_requests += inside.at_least_requests
    below = inside.children
  }
  return counts
}

/** Steps whose rows were stored as a whole, of which something is opened: an element, or without an index any. */
const CLOSED = `
  SELECT c.step, true AS closed FROM noetl.iteration c
  WHERE c.execution_id = $1 AND c.iteration_index = ${CLOSING_INDEX} AND c.status = 'COMPLETED'
    AND ($2::text IS NULL OR c.step = $2)
    AND ($2::text IS NOT NULL AND $3::int IS NULL OR EXISTS (
      SELECT FROM noetl.iteration i WHERE i.execution_id = $1 AND i.step = c.step AND i.status IN ('FAILED', 'CANCELLED')
        AND ($3::int IS NULL OR i.iteration_index = $3)))`

async function closedSteps(
  executionId: string,
  step: string | null,
  index: number | null,
): Promise<{ step: string; closed: boolean }[]> {
  return (await pool().query<{ step: string; closed: boolean }>(CLOSED, [executionId, step, index])).rows
}

async function countAgain(
  executionIds: readonly string[],
  step: string | null,
  index: number | null,
): Promise<Counts & { children: string[] }> {
  const { rows } = await pool().query<Counts & { children: string[] }>(AGAIN, [executionIds, step, index])
  return rows[0] ?? { ...NOTHING, children: [] }
}

async function previewAnew(
  executionId: string,
  request: RetryAnew,
): Promise<Omit<RetryPreview, 'limit_resets' | 'newest_version' | 'beside'>> {
  const { source, given, only } = await planNewRun(executionId, request)
  const whole = only === null || Object.keys(only.steps).length === 0
  const counts = firstOf(await pool().query<Counts>(ANEW, [executionId, JSON.stringify(only?.steps ?? {}), whole]))
  const workload = objectWithDigits({ ...source.playbook.workload, ...given })
  return { ...counts, new_execution: true, version: source.version, workload }
}

const NOTHING: Counts = { elements: 0, pages_kept: 0, at_least_requests: 0 }

const firstOf = ({ rows }: { rows: Counts[] }): Counts => rows[0] ?? NOTHING
