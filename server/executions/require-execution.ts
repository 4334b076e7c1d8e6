import type { Queryable } from '../db/pool'
import { noSuchExecution } from './read-events'

/** Throws DomainError('not_found') where there is no such execution, or it is being removed. */
export async function requireExecution(client: Queryable, executionId: string): Promise<void> {
  const { rowCount } = await client.query(
    'SELECT FROM noetl.execution WHERE execution_id = $1 AND removed_at IS NULL',
    [executionId],
  )
  if (rowCount === 0) throw noSuchExecution(executionId)
}
