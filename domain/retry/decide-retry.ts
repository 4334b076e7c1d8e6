import type { AskedWait, HttpMethod } from '../http-message'
import type { ErrorPolicy } from '../playbook/pagination-plan'
import { readAskedWait } from './asked-wait'
import { backoffMs } from './backoff'
import { DEFAULT_POLICY, isIdempotent, isRetryable } from './retry-policy'

type FailedTry = {
  kind: string
  status: number | null
  headers: Readonly<Record<string, string>>
  /** A wait that was asked for without an answer to this request. */
  askedWait: AskedWait | null
  method: HttpMethod
  /** Tries of this page that failed, this one included. */
  failures: number
}

export type RetryDecision =
  | { retry: true; delayMs: number; reason: string }
  /** `no_policy`: nothing asks for another try; `exhausted`: `tries` were allowed; `wait_too_long`: the API wants more than `maxWait` seconds. */
  | { retry: false; because: 'no_policy' }
  | { retry: false; because: 'exhausted'; tries: number }
  | { retry: false; because: 'wait_too_long'; waitMs: number; maxWait: number; reason: string }

/** Whether and when a page is tried again. `holds` evaluates a policy's condition over this failure and may throw TemplateError. */
export function decideRetry(
  policies: readonly ErrorPolicy[],
  failed: FailedTry,
  context: { now: Date; random: number; holds: (condition: string) => boolean },
): RetryDecision {
  const policy =
    policies.length === 0 ? defaultFor(failed) : policies.find((each) => matches(each, failed, context.holds))
  if (policy === undefined) return { retry: false, because: 'no_policy' }
  if (failed.failures >= policy.maxAttempts) return { retry: false, because: 'exhausted', tries: policy.maxAttempts }
  const asked = failed.status === null ? failed.askedWait : readAskedWait(failed.status, failed.headers, context.now)
  if (asked === null) {
    return {
      retry: true,
      delayMs: backoffMs(policy, failed.failures, context.random),
      reason: describeBackoff(policy, failed.failures),
    }
  }
  if (asked.delayMs > policy.maxWait * 1000) {
    return {
      retry: false,
      because: 'wait_too_long',
      waitMs: asked.delayMs,
      maxWait: policy.maxWait,
      reason: asked.reason,
    }
  }
  return { retry: true, ...asked }
}

const defaultFor = (failed: FailedTry): ErrorPolicy | undefined =>
  isRetryable(failed.kind, failed.status) && (isIdempotent(failed.method) || wasNotSent(failed))
    ? DEFAULT_POLICY
    : undefined

function matches(policy: ErrorPolicy, failed: FailedTry, holds: (condition: string) => boolean): boolean {
  if (!mayRepeat(policy, failed)) return false
  if (policy.when === null && !isRetryable(failed.kind, failed.status)) return false
  if (policy.when !== null && !holds(policy.when)) return false
  return policy.unless === null || !holds(policy.unless)
}

/** A broken connection leaves open whether the API acted, so only what may be sent twice is, unless `methods` says so. */
function mayRepeat(policy: ErrorPolicy, failed: FailedTry): boolean {
  if (policy.methods !== null) return policy.methods.includes(failed.method)
  return failed.status !== null || wasNotSent(failed) || isIdempotent(failed.method)
}

const wasNotSent = ({ kind }: FailedTry): boolean => kind === 'token_unavailable'

function describeBackoff(policy: ErrorPolicy, failures: number): string {
  const computed = policy.initialDelay * policy.backoffMultiplier ** (failures - 1)
  const capped = computed > policy.maxDelay ? `, capped at max_delay ${policy.maxDelay} s` : ''
  const jitter = policy.jitter ? ', with jitter' : ''
  return `backoff ${policy.initialDelay} s × ${policy.backoffMultiplier}^${failures - 1}${capped}${jitter}`
}
