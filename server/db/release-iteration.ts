import { pool } from './pool'
import type { HeldClaim } from './renew-leases'

const RELEASE = `
  UPDATE noetl.iteration SET
    lease_until = NULL, worker_id = NULL, claim_hash = NULL, idle_starts = greatest(idle_starts - 1, 0)
  WHERE execution_id = $1 AND step = $2 AND iteration_index = $3 AND epoch = $4 AND status IN ('RUNNING', 'WAITING')`

/** Gives an iteration back unfinished (a draining worker), so that another may claim it at once; it costs no idle start. */
export async function releaseIteration(claim: HeldClaim): Promise<void> {
  await pool().query({
    name: 'release-iteration',
    text: RELEASE,
    values: [claim.executionId, claim.step, claim.index, claim.epoch],
  })
}
