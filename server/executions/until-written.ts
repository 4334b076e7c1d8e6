import { ClaimLost } from './claim-lost'
import type { ElementWork } from './element-work'
import { unmoved } from './reopened'

/**
 * Resolves once everything this claim gave to the page writer is durable: what follows on another connection comes after
 * it. Throws ClaimLost.
 */
export async function untilWritten({ writer, key, claim }: ElementWork): Promise<void> {
  const nothing = { page: null, attempt: null, events: [], checkpoint: unmoved(claim.checkpoint) }
  if ((await writer.write({ ...key, epoch: claim.epoch, ...nothing })) === 'fenced') throw new ClaimLost()
}
