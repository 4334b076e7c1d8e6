import { renewLeases, type HeldClaim } from '../db/renew-leases'
import { log } from '../log'

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
export function createLeaseKeeper(workerId: string): LeaseKeeper {
  const held = new Map<HeldClaim, { lost: AbortController; paused: AbortController }>()
  let renewing = false
  let again = false
  let renewedAt = Date.now()

  const renew = async (): Promise<void> => {
    const claims = [...held.keys()]
    const { lost, paused } = await renewLeases(workerId, LEASE_MS, claims)
    renewedAt = Date.now()
    for (const claim of lost) held.get(claim)?.lost.abort(new Error('the lease was lost'))
    for (const claim of paused) held.get(claim)?.paused.abort(new Error('the run is paused'))
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
      for (const { lost } of held.values()) lost.abort(new Error('the lease ran out'))
  }
  const timer = setInterval(() => void tick(), RENEW_MS)

  return {
    hold(claim) {
      const controllers = { lost: new AbortController(), paused: new AbortController() }
      held.set(claim, controllers)
      const { lost, paused } = controllers
      return { signal: lost.signal, paused: paused.signal, drop: () => held.delete(claim) }
    },
    check: () => void tick(),
    stop: () => clearInterval(timer),
  }
}
