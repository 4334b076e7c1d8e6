import { claimHashOf, type Claim } from './claim-iteration'
import type { Settlement } from './settle-iteration'

/** Who wants the next element of the loop, and how: `goesOn` when failures don't end the loop. */
export type NextClaim = { workerId: string; leaseMs: number; goesOn: boolean; claimToken: string }

/**
 * The end of an iteration; `next` null: the next element is the orchestrator's to hand out. Nothing is settled once
 * `broken` aborts: something written of it before was refused.
 */
export type HandingOver = Settlement & { next: NextClaim | null; broken?: AbortSignal }

/**
 * `settled` false when the claim was lost or the execution isn't running any more: then nothing was done. `others` of the
 * loop are still at work and none waits for its turn: the orchestrator has nothing to decide.
 */
export type HandedOver = { settled: boolean; next: { index: number; claim: Claim } | null; others: boolean }

export const NOT_SETTLED: HandedOver = { settled: false, next: null, others: false }

/** A settlement as `noetl.commit_round` takes it, events aside. */
export const handingOverRow = ({ next, ...settlement }: HandingOver) => ({
  execution_id: settlement.executionId,
  step: settlement.step,
  iteration_index: settlement.index,
  claim_token: settlement.claimToken,
  status: settlement.status,
  stop_reason: settlement.stopReason,
  warnings: settlement.warnings,
  error: settlement.error,
  claim: next && {
    worker_id: next.workerId,
    claim_hash: claimHashOf(next.claimToken),
    lease_ms: next.leaseMs,
    goes_on: next.goesOn,
  },
})

export type HandedOverRow = {
  settled: boolean
  next: { index: number; element: unknown; label: string | null } | null
  others: boolean
}

/** An element that no worker had before has nothing on record but itself. */
export function readHandedOver({ settled, next, others }: HandedOverRow, { next: asked }: HandingOver): HandedOver {
  if (next === null || asked === null) return { settled, next: null, others }
  const { index, element, label } = next
  const fresh = {
    epoch: 1,
    firstClaim: true,
    idleStarts: 1,
    checkpoint: null,
    fingerprints: [],
    pages: 0,
    items: 0,
    retries: 0,
  }
  return { settled, others, next: { index, claim: { ...fresh, claimToken: asked.claimToken, element, label } } }
}
