import { DomainError } from '@/domain/domain-error'
import { isSettled } from '@/domain/execution/view'
import { executionEvent } from '@/domain/execution/workflow-events'
import { appendEvents } from '../db/append-events'
import { patiently, type Queryable } from '../db/pool'
import { withTransaction } from '../db/with-transaction'
import { lockTree, type LockedExecution } from './lock-tree'
import { tellWorkers } from './tell-workers'
import { ticketOfParent } from './ticket-of-parent'
import { sendTickets, type Ticket } from './tickets'

type Stats = { elements: number; failed: number; pages: number; items: number; retries: number }
type CancelledRow = Stats & {
  executionId: string
  parentId: string | null
  cancelled: number
  duration_ms: number | null
}

/** Iterations are locked in key order, as the renewal of leases locks them. */
const CANCEL = `
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
  UPDATE noetl.execution e SET status = 'CANCELLED', ended_at = clock_timestamp()
  WHERE e.execution_id = ANY ($1::bigint[])
  RETURNING e.execution_id AS "executionId", e.parent_execution_id AS "parentId", e.elements, e.failed, e.pages,
    e.items::float8 AS items, e.retries,
    (SELECT count(*)::int FROM ended n WHERE n.execution_id = e.execution_id AND n.iteration_index >= 0) AS cancelled,
    round(extract(epoch FROM clock_timestamp() - e.started_at) * 1000)::int AS duration_ms`

/**
 * Ends an execution and every execution that runs for it. Nothing of them is saved after their `playbook_cancelled`:
 * whoever writes looks at the status under the same row lock. Throws DomainError: `not_found`, `conflict` when it has ended.
 */
export async function cancelExecution(executionId: string): Promise<void> {
  await sendTickets(await withTransaction(async (client) => cancelTree(client, executionId)))
}

async function cancelTree(client: Queryable, executionId: string): Promise<Ticket[]> {
  let live: LockedExecution[] = await lockTree(client, executionId)
  const [root] = live
  if (root !== undefined && isSettled(root.status)) throw hasEnded(root)
  // A child that was just being started when its parent was locked is found by another look.
  for (; live.length > 0; live = (await lockTree(client, executionId)).filter(({ status }) => status !== 'CANCELLED')) {
    const ids = live.map((row) => row.executionId)
    const { rows } = await client.query<CancelledRow>(patiently({ text: CANCEL, values: [ids] }))
    for (const row of rows) await tell(client, row, executionId)
    await tellWorkers(client, ids)
  }
  return ticketOfParent(client, executionId)
}

const hasEnded = ({ executionId, status }: LockedExecution): DomainError =>
  new DomainError(
    'conflict',
    `Execution ${executionId} has ended already (${status.toLowerCase()}): nothing of it runs that could be cancelled.`,
  )

async function tell(client: Queryable, row: CancelledRow, root: string): Promise<void> {
  const { executionId, parentId, cancelled, duration_ms, ...stats } = row
  const context = { stats, cancelled, duration_ms, ...(executionId !== root && { cancelled_with: parentId }) }
  await appendEvents(client, executionId, [executionEvent('playbook_cancelled', 'CANCELLED', context)])
}
