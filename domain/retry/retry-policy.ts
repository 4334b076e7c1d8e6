import type { HttpMethod } from '../http-message'
import type { ErrorPolicy } from '../playbook/pagination-plan'

/** What applies when a step names no error policy (playbook.md, "Retry and pagination"). */
export const DEFAULT_POLICY: ErrorPolicy = {
  when: null,
  unless: null,
  maxAttempts: 3,
  initialDelay: 1,
  backoffMultiplier: 2,
  maxDelay: 60,
  jitter: false,
  methods: null,
  maxWait: 3600,
}

/** The longest wait that any of these policies lets an API ask for, in milliseconds. */
export const longestWaitMs = (policies: readonly ErrorPolicy[]): number =>
  1000 * Math.max(...(policies.length === 0 ? [DEFAULT_POLICY] : policies).map(({ maxWait }) => maxWait))

/** RFC 9110 §9.2.2, as far as a playbook can send them. */
const IDEMPOTENT: ReadonlySet<HttpMethod> = new Set(['GET', 'HEAD', 'PUT', 'DELETE'])
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524])

/** True when sending twice does no more than sending once. */
export const isIdempotent = (method: HttpMethod): boolean => IDEMPOTENT.has(method)

/** True for failures that may pass by themselves. */
export const isRetryable = (kind: string, status: number | null): boolean =>
  kind === 'timeout' ||
  kind === 'network' ||
  kind === 'token_unavailable' ||
  (kind === 'http_error' && status !== null && RETRYABLE_STATUSES.has(status))
