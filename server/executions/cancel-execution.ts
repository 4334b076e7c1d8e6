import { DomainError } from '@/domain/domain-error'
import { isSettled } from '@/domain/execution/view'
import { withTransaction } from '../db/with-transaction'
import { endLockedTree } from './end-tree'
import { lockWholeTree, type LockedExecution } from './lock-tree'
import { sendTickets } from './tickets'

/** Ends an execution and every execution that runs for it. Throws DomainError: `not_found`, `conflict` when it has ended. */
export async function cancelExecution(executionId: string): Promise<void> {
  const tickets = await withTransaction(async (client) => {
    const tree = await lockWholeTree(client, executionId)
    const [root] = tree
    if (isSettled(root.status)) throw hasEnded(root)
    return endLockedTree(client, tree, { status: 'CANCELLED' })
  })
  await sendTickets(tickets)
}

const hasEnded = ({ executionId, status }: LockedExecution): DomainError =>
  new DomainError(
    'conflict',
    `Execution ${executionId} has ended already (${status.toLowerCase()}): nothing of it runs that could be cancelled.`,
  )
