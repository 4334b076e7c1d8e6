import { z } from 'zod'
import type { JsonObject } from '@/domain/json'
import type { Claim } from '../db/claim-iteration'
import { ClaimLost } from './claim-lost'
import type { ElementWork } from './element-work'

/**
 * Resolves once everything this claim gave to the page writer is durable: what follows on another connection comes after
 * it. Throws ClaimLost.
 */
export async function untilWritten({ writer, key, claim }: ElementWork): Promise<void> {
  const nothing = { page: null, attempt: null, events: [], checkpoint: unmoved(claim) }
  if ((await writer.write({ ...key, epoch: claim.epoch, ...nothing })) === 'fenced') throw new ClaimLost()
}

/** The place a claim began at, for what is written while nothing has come of it. */
export const unmoved = ({ checkpoint }: Claim): JsonObject => z.custom<JsonObject>().parse(checkpoint ?? {})
