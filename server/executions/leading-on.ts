import type { Queryable } from '../db/pool'

/** Beside the error of a step whose work was done when its `next` could not be evaluated: only that is to be done again. */
export const WHILE_LEADING_ON = { leading_on: true }

/** Steps that failed while leading on are as they were before that; gives back their names. */
export async function leadOnAgain(client: Queryable, executionId: string): Promise<string[]> {
  const { rows } = await client.query<{ step: string }>(
    `UPDATE noetl.step SET status = 'COMPLETED', error = NULL
     WHERE execution_id = $1 AND status = 'FAILED' AND error @> '${JSON.stringify(WHILE_LEADING_ON)}' RETURNING step`,
    [executionId],
  )
  return rows.map(({ step }) => step)
}
