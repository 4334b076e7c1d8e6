import { renewLeases, type HeldClaim } from '../db/renew-leases'
import { log } from '../log'

export const LEASE_MS = 10_000
const RENEW_MS = 1_000

export type HeldLease = { signal: AbortSignal; drop: () => void }

export type LeaseKeeper = {
  /** Keeps a claim alive until dropped; the signal aborts once it is lost. */
  hold(claim: HeldClaim): HeldLease
  /** Looks at every claim now: one of them may have been taken away. */
  check: () => void
  stop(): void
}

/** Renews all leases of a worker on one timer; often enough that cancelling a run aborts its requests within a second. */
export function createLeaseKeeper(workerId: string): LeaseKeeper {
  const held = new Map<HeldClaim, AbortController>()
  let renewing = false
  let again = false
  let renewedAt = Date.now()

  const renew = async (): Promise<void> => {
    const claims = [...held.keys()]
    const lost = await renewLeases(workerId, LEASE_MS, claims)
    renewedAt = Date.now()
    for (const claim of lost) held.get(claim)?.abort(new Error('the lease was lost'))
  }
  const tick = async (): Promise<void> => {
    if (renewing) {
      // What was read may be older than the news.
      again = true
      return
    }
    if (held.size === 0) {
      renewedAt = Date.now()
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
    // The database is out of reach for longer than a lease: another worker may have taken over, so stop asking the API.
    if (Date.now() - renewedAt > LEASE_MS)
      for (const controller of held.values()) controller.abort(new Error('the lease ran out'))
  }
  const timer = setInterval(() => void tick(), RENEW_MS)

  return {
    hold(claim) {
      const controller = new AbortController()
      held.set(claim, controller)
      return { signal: controller.signal, drop: () => held.delete(claim) }
    },
    check: () => void tick(),
    stop: () => clearInterval(timer),
  }
}
