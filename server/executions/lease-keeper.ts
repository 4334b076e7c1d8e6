import type { HeldClaim } from '../db/renew-leases'
import { log } from '../log'
import type { Surroundings } from './surroundings'

export const LEASE_MS = 10_000
const RENEW_MS = 1_000

export type HeldLease = {
  /** Aborts once the claim is lost. */
  signal: AbortSignal
  /** Aborts once the execution is paused: no new request, those in flight come in. */
  paused: AbortSignal
  drop: () => void
}

export type LeaseKeeper = {
  /** Keeps a claim alive until dropped. */
  hold(claim: HeldClaim): HeldLease
  /** Looks at every claim now: an execution may have been cancelled or paused. */
  check: () => void
  stop(): void
}

/** Renews all leases of a worker on one timer; often enough that cancelling a run aborts its requests within a second. */
export function createLeaseKeeper(workerId: string, { now, every, store }: Surroundings): LeaseKeeper {
  const held = new Map<HeldClaim, { lost: AbortController; paused: AbortController }>()
  let renewing = false
  let again = false
  let renewedAt = now()

  const renew = async (): Promise<void> => {
    const claims = [...held.keys()]
    const { lost, paused } = await store.renew(workerId, LEASE_MS, claims)
    renewedAt = now()
    for (const claim of lost) held.get(claim)?.lost.abort(new Error('the lease was lost'))
    for (const claim of paused) held.get(claim)?.paused.abort(new Error('the run is paused'))
  }
  /** The database is out of reach for longer than a lease: another worker may have taken over, so stop asking the API. */
  const giveUpIfOver = (): void => {
    if (now() - renewedAt > LEASE_MS) for (const { lost } of held.values()) lost.abort(new Error('the lease ran out'))
  }
  const tick = async (): Promise<void> => {
    // A renewal that gets no answer may still be under way.
    giveUpIfOver()
    if (renewing) {
      // What was read may be older than the news.
      again = true
      return
    }
    if (held.size === 0) {
      renewedAt = now()
      return
    }
    renewing = true
    try {
      await renew()
    } catch (error) {
      log().warn({ err: error }, 'leases were not renewed')
    } finally {
      renewing = false
    }
    if (again) {
      again = false
      void tick()
    }
    giveUpIfOver()
  }
  const stop = every(RENEW_MS, () => void tick())

  return {
    hold(claim) {
      const controllers = { lost: new AbortController(), paused: new AbortController() }
      held.set(claim, controllers)
      const { lost, paused } = controllers
      return { signal: lost.signal, paused: paused.signal, drop: () => held.delete(claim) }
    },
    check: () => void tick(),
    stop,
  }
}
