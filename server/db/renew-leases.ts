import type { IterationKey } from './page-commit'
import { pool } from './pool'

/** An iteration as its worker holds it: the epoch tells this claim from a later one of the same worker. */
export type HeldClaim = IterationKey & { epoch: number }

/** Rows are locked in key order, as every writer locks them. A claim whose answer was lost on the way is nobody's, and runs out. */
const RENEW = `
  WITH held AS (
    SELECT i.execution_id, i.step, i.iteration_index, i.epoch
    FROM noetl.iteration i
    JOIN noetl.execution e USING (execution_id)
    JOIN unnest($3::bigint[], $4::text[], $5::int[], $6::int[]) AS h (execution_id, step, iteration_index, epoch)
      USING (execution_id, step, iteration_index, epoch)
    WHERE i.worker_id = $1 AND i.status = 'RUNNING' AND e.status IN ('RUNNING', 'PAUSED')
    ORDER BY i.execution_id, i.step, i.iteration_index
    FOR NO KEY UPDATE OF i
  )
  UPDATE noetl.iteration i SET lease_until = clock_timestamp() + $2 * interval '1 millisecond'
  FROM held
  WHERE i.execution_id = held.execution_id AND i.step = held.step AND i.iteration_index = held.iteration_index
  RETURNING i.execution_id AS "executionId", i.step, i.iteration_index AS index, i.epoch`

/**
 * Prolongs the leases this worker holds, on the database's clock, and gives back the claims of `held` that are lost:
 * taken by another worker, settled, or of a cancelled execution. Their requests are to be aborted.
 */
export async function renewLeases(workerId: string, leaseMs: number, held: readonly HeldClaim[]): Promise<HeldClaim[]> {
  const { rows } = await pool().query<HeldClaim>({
    name: 'renew-leases',
    text: RENEW,
    values: [
      workerId,
      leaseMs,
      held.map((claim) => claim.executionId),
      held.map((claim) => claim.step),
      held.map((claim) => claim.index),
      held.map((claim) => claim.epoch),
    ],
  })
  const kept = new Set(rows.map(keyOf))
  return held.filter((claim) => !kept.has(keyOf(claim)))
}

const keyOf = (claim: HeldClaim): string => JSON.stringify([claim.executionId, claim.step, claim.index, claim.epoch])
