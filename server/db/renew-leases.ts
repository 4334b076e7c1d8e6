import type { IterationKey } from './page-commit'
import { pool } from './pool'

/** An iteration as its worker holds it: the epoch tells this claim from a later one of the same worker. */
export type HeldClaim = IterationKey & { epoch: number }

/** Rows are locked in key order, as every writer locks them. A claim whose answer was lost on the way is nobody's, and runs out. */
const RENEW = `
  WITH held AS (
    SELECT i.execution_id, i.step, i.iteration_index, i.epoch, e.status = 'PAUSED' AS paused
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
  RETURNING i.execution_id AS "executionId", i.step, i.iteration_index AS index, i.epoch, held.paused`

type RenewedRow = HeldClaim & { paused: boolean }

/**
 * Prolongs the leases this worker holds, on the database's clock. Gives back the claims of `held` that are lost (taken by
 * another worker, settled, of a cancelled execution), whose requests are to be aborted, and those of a paused execution.
 */
export async function renewLeases(
  workerId: string,
  leaseMs: number,
  held: readonly HeldClaim[],
): Promise<{ lost: HeldClaim[]; paused: HeldClaim[] }> {
  const { rows } = await pool().query<RenewedRow>({
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
  const paused = new Map(rows.map((row) => [keyOf(row), row.paused]))
  return {
    lost: held.filter((claim) => !paused.has(keyOf(claim))),
    paused: held.filter((claim) => paused.get(keyOf(claim)) === true),
  }
}

const keyOf = (claim: HeldClaim): string => JSON.stringify([claim.executionId, claim.step, claim.index, claim.epoch])
