import type { ErrorPolicy } from '../playbook/pagination-plan'

/** Milliseconds before try n+1: `min(max_delay, initial_delay * backoff_multiplier^(n-1))`; with jitter a random part of it. `random` is in [0, 1). */
export function backoffMs(policy: ErrorPolicy, failures: number, random: number): number {
  // The power may be Infinity, and 0 times that is no delay at all.
  const computed = policy.initialDelay === 0 ? 0 : policy.initialDelay * policy.backoffMultiplier ** (failures - 1)
  const seconds = Math.min(policy.maxDelay, computed)
  return Math.round((policy.jitter ? random * seconds : seconds) * 1000)
}
