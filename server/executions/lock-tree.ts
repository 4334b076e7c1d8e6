import type { ExecutionStatus } from '@/domain/execution/view'
import { executionStatusSchema } from '@/domain/api/fields'
import type { Queryable } from '../db/pool'
import { noSuchExecution } from './read-events'

export type LockedExecution = { executionId: string; status: ExecutionStatus }
/** The execution itself comes first. */
export type LockedTree = [LockedExecution, ...LockedExecution[]]

/** The execution and what goes on for it, parents before children: who ends a child locks the same way. */
const LOCK_TREE = `
  WITH RECURSIVE tree AS (
    SELECT $1::bigint AS execution_id
    UNION ALL
    SELECT c.execution_id FROM noetl.execution c JOIN tree t ON c.parent_execution_id = t.execution_id
  )
  SELECT e.execution_id AS "executionId", e.status
  FROM noetl.execution e
  WHERE e.execution_id IN (SELECT execution_id FROM tree) AND e.removed_at IS NULL
    AND (e.execution_id = $1 OR e.status IN ('PENDING', 'RUNNING', 'PAUSED'))
  ORDER BY e.execution_id FOR NO KEY UPDATE`

/** Locks an execution, which comes first, and every execution that runs for it and has not ended. Throws DomainError('not_found'). */
export async function lockTree(client: Queryable, executionId: string): Promise<LockedTree> {
  const { rows } = await client.query<{ executionId: string; status: string }>(LOCK_TREE, [executionId])
  const [root, ...others] = rows.map((row) => ({ ...row, status: executionStatusSchema.parse(row.status) }))
  if (root === undefined) throw noSuchExecution(executionId)
  return [root, ...others]
}

/**
 * The same until another look finds no more: a child that was just being started when its parent was locked is not in the
 * first. Then none of them can begin anything, or another execution, before the transaction has ended.
 */
export async function lockWholeTree(client: Queryable, executionId: string): Promise<LockedTree> {
  let known = await lockTree(client, executionId)
  for (;;) {
    const tree = await lockTree(client, executionId)
    if (tree.length <= known.length) return tree
    known = tree
  }
}
