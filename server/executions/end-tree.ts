import type { ErrorFacts, NewEvent } from '@/domain/execution/events'
import { isSettled } from '@/domain/execution/view'
import { executionEvent } from '@/domain/execution/workflow-events'
import { appendEvents } from '../db/append-events'
import { patiently, type Queryable } from '../db/pool'
import { lockWholeTree, type LockedExecution, type LockedTree } from './lock-tree'
import { tellWorkers } from './tell-workers'
import { ticketOfParent } from './ticket-of-parent'
import type { Ticket } from './tickets'
import { untoldEnds } from './untold-ends'

/** How the execution itself ends before its time; what runs for it is cancelled. */
type TreeEnd = { status: 'CANCELLED' } | { status: 'FAILED'; error: ErrorFacts }

type Stats = { elements: number; failed: number; pages: number; items: number; retries: number }
type EndedRow = Stats & {
  executionId: string
  parentId: string | null
  cancelled: number
  duration_ms: number | null
}

/** Iterations are locked in key order, as the renewal of leases locks them. */
const END = `
  WITH ended AS MATERIALIZED (
    SELECT execution_id, step, iteration_index FROM noetl.iteration
    WHERE execution_id = ANY ($1::bigint[]) AND status IN ('PENDING', 'RUNNING', 'WAITING')
    ORDER BY execution_id, step, iteration_index FOR NO KEY UPDATE
  ), iterations AS (
    UPDATE noetl.iteration i SET status = 'CANCELLED', ended_at = clock_timestamp(), next_attempt_at = NULL,
      worker_id = NULL, lease_until = NULL, claim_hash = NULL
    FROM ended n WHERE i.execution_id = n.execution_id AND i.step = n.step AND i.iteration_index = n.iteration_index
  ), steps AS (
    UPDATE noetl.step SET status = 'CANCELLED', ended_at = clock_timestamp()
    WHERE execution_id = ANY ($1::bigint[]) AND status = 'RUNNING'
  )
  UPDATE noetl.execution e SET ended_at = clock_timestamp(),
    status = CASE WHEN e.execution_id = $2 THEN $3 ELSE 'CANCELLED' END,
    error = CASE WHEN e.execution_id = $2 THEN coalesce($4::jsonb, e.error) ELSE e.error END
  WHERE e.execution_id = ANY ($1::bigint[])
  RETURNING e.execution_id AS "executionId", e.parent_execution_id AS "parentId", e.elements, e.failed, e.pages,
    e.items::float8 AS items, e.retries,
    (SELECT count(*)::int FROM ended n WHERE n.execution_id = e.execution_id AND n.iteration_index >= 0) AS cancelled,
    round(extract(epoch FROM clock_timestamp() - e.started_at) * 1000)::int AS duration_ms`

/**
 * Ends an execution, its steps and elements, and every execution that runs for it, inside the caller's transaction.
 * Nothing of them is saved after their last event: whoever writes looks at the status under the same row lock. Does
 * nothing to one that has ended. Throws DomainError('not_found').
 */
export async function endTree(client: Queryable, executionId: string, end: TreeEnd): Promise<Ticket[]> {
  return endLockedTree(client, await lockWholeTree(client, executionId), end)
}

/** As `endTree`, of a tree that the caller has locked as a whole in this transaction. */
export async function endLockedTree(client: Queryable, tree: LockedTree, end: TreeEnd): Promise<Ticket[]> {
  const [{ executionId }] = tree
  const live = tree.filter(({ status }) => !isSettled(status))
  if (live.length > 0) await endAll(client, live, { executionId, end })
  return ticketOfParent(client, executionId)
}

async function endAll(
  client: Queryable,
  live: readonly LockedExecution[],
  { executionId, end }: { executionId: string; end: TreeEnd },
): Promise<void> {
  const ids = live.map((row) => row.executionId)
  const error = end.status === 'FAILED' ? JSON.stringify(end.error) : null
  const untold = await untoldEnds(client, ids)
  const { rows } = await client.query<EndedRow>(patiently({ text: END, values: [ids, executionId, end.status, error] }))
  for (const row of rows) {
    const last = lastEvent(row, row.executionId === executionId ? end : null)
    await appendEvents(client, row.executionId, [...(untold.get(row.executionId) ?? []), last])
  }
  await tellWorkers(client, ids)
}

/** `end`: null for one that is cancelled with the execution it runs for. */
function lastEvent(row: EndedRow, end: TreeEnd | null): NewEvent {
  const { executionId: _executionId, parentId, cancelled, duration_ms, ...stats } = row
  const context = { stats, cancelled, duration_ms, ...(end === null && { cancelled_with: parentId }) }
  return end?.status === 'FAILED'
    ? executionEvent('playbook_failed', 'FAILED', { ...context, error: end.error })
    : executionEvent('playbook_cancelled', 'CANCELLED', context)
}
