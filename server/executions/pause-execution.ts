import { DomainError } from '@/domain/domain-error'
import { executionEvent } from '@/domain/execution/workflow-events'
import { appendEvents } from '../db/append-events'
import { withTransaction } from '../db/with-transaction'
import { lockWholeTree, type LockedExecution } from './lock-tree'
import { tellWorkers } from './tell-workers'

/**
 * Lets no new page of an execution, and of what runs for it, start; pages in flight come in and are saved. Throws
 * DomainError: `not_found`, `conflict` when it doesn't run.
 */
export async function pauseExecution(executionId: string): Promise<void> {
  await withTransaction(async (client) => {
    // All are locked before the first is told to be paused: what goes on for it would else begin something after that.
    const tree = await lockWholeTree(client, executionId)
    if (!isMoving(tree[0])) throw notMoving(tree[0])
    const moving = tree.filter(isMoving).map((execution) => execution.executionId)
    await client.query(`UPDATE noetl.execution SET status = 'PAUSED' WHERE execution_id = ANY ($1::bigint[])`, [moving])
    for (const id of moving) await appendEvents(client, id, [executionEvent('playbook_paused', 'PAUSED', {})])
    await tellWorkers(client, moving)
  })
}

const isMoving = ({ status }: LockedExecution): boolean => status === 'PENDING' || status === 'RUNNING'

const notMoving = ({ executionId, status }: LockedExecution): DomainError =>
  new DomainError(
    'conflict',
    status === 'PAUSED'
      ? `Execution ${executionId} is paused already.`
      : `Execution ${executionId} has ended already (${status.toLowerCase()}): there is nothing to pause.`,
  )
