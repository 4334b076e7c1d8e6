import { errorFactsOf } from '@/domain/execution/error-facts'
import { withTransaction } from '../db/with-transaction'
import { log } from '../log'
import { endTree } from './end-tree'
import { sendTickets } from './tickets'

/**
 * Ends an execution that can't be orchestrated at all, so that it is seen to have failed instead of being tried for ever;
 * what it has under way is cancelled, as nobody would hear of its end.
 */
export async function failExecution(executionId: string, cause: unknown): Promise<void> {
  log().error({ err: cause, executionId }, 'the execution can not go on')
  const error = errorFactsOf(cause)
  await sendTickets(await withTransaction(async (client) => endTree(client, executionId, { status: 'FAILED', error })))
}
