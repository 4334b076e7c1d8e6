import type { ErrorPolicy } from '../playbook/pagination-plan'
import { backoffMs } from './backoff'
import { DEFAULT_POLICY } from './retry-policy'

type FailedStatement = {
  kind: string
  sqlstate: string | null
  /** Times this statement failed, this one included. */
  failures: number
}

export type StatementRetry = { retry: true; delayMs: number; reason: string } | { retry: false; exhausted: boolean }

/** Serialization failure, deadlock, lock not available: nothing was done, and the next try may meet nobody. */
const PASSING_STATES: ReadonlySet<string> = new Set(['40001', '40P01', '55P03'])

/** True for failures of a statement that may pass by themselves. */
export const isPassingStatement = ({ kind, sqlstate }: Pick<FailedStatement, 'kind' | 'sqlstate'>): boolean =>
  kind === 'database_unreachable' || kind === 'database_cannot_save' || PASSING_STATES.has(sqlstate ?? '')

/**
 * Whether and when a statement is tried again: the first policy whose condition holds, and without any policy three tries
 * of what may pass by itself. `holds` evaluates a condition over this failure and may throw TemplateError.
 */
export function decideStatementRetry(
  policies: readonly ErrorPolicy[],
  failed: FailedStatement,
  { random, holds }: { random: number; holds: (condition: string) => boolean },
): StatementRetry {
  const known = policies.length === 0 ? [DEFAULT_POLICY] : policies
  const policy = known.find(
    ({ when, unless }) =>
      (when === null ? isPassingStatement(failed) : holds(when)) && (unless === null || !holds(unless)),
  )
  if (policy === undefined) return { retry: false, exhausted: false }
  if (failed.failures >= policy.maxAttempts) return { retry: false, exhausted: true }
  const delayMs = backoffMs(policy, failed.failures, random)
  const factor = `${policy.backoffMultiplier}^${failed.failures - 1}`
  return { retry: true, delayMs, reason: `backoff ${policy.initialDelay} s × ${factor}` }
}
