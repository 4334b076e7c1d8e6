import type { JsonObject } from '@/domain/json'
import type { Queryable } from './pool'
import type { HeldClaim } from './renew-leases'

/** Should what wakes the iteration never come, it is looked at again after this long. */
const PARK = `
  UPDATE noetl.iteration SET
    status = 'WAITING', checkpoint = $5, next_attempt_at = clock_timestamp() + interval '1 minute',
    lease_until = NULL, worker_id = NULL, idle_starts = 0
  WHERE execution_id = $1 AND step = $2 AND iteration_index = $3 AND epoch = $4 AND status = 'RUNNING'`

/** Lets an iteration wait for something that wakes it, and gives up its claim. False when the claim was lost before. */
export async function parkIteration(client: Queryable, claim: HeldClaim, checkpoint: JsonObject): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'park-iteration',
    text: PARK,
    values: [claim.executionId, claim.step, claim.index, claim.epoch, JSON.stringify(checkpoint)],
  })
  return rowCount === 1
}
