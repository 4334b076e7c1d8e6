import { errorFactsOf } from '@/domain/execution/error-facts'
import { executionEvent } from '@/domain/execution/workflow-events'
import { appendEvents } from '../db/append-events'
import { withTransaction } from '../db/with-transaction'
import { log } from '../log'

/** Ends an execution that can't be orchestrated at all, so that it is seen to have failed instead of being tried for ever. */
export async function failExecution(executionId: string, cause: unknown): Promise<void> {
  log().error({ err: cause, executionId }, 'the execution can not go on')
  const error = errorFactsOf(cause)
  await withTransaction(async (client) => {
    const { rowCount } = await client.query(
      `UPDATE noetl.execution SET status = 'FAILED', error = $2, ended_at = clock_timestamp()
       WHERE execution_id = $1 AND status IN ('PENDING', 'RUNNING', 'PAUSED')`,
      [executionId, JSON.stringify(error)],
    )
    if (rowCount === 1)
      await appendEvents(client, executionId, [executionEvent('playbook_failed', 'FAILED', { error })])
  })
}
