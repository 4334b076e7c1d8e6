import type { DomainError } from '../domain-error'
import type { HttpOutcome } from '../http-message'
import { parseJsonBody } from '../json-body'
import { describeRequest } from '../pagination/build-request'
import { PageFault } from '../pagination/page-fault'
import { applyPatch } from '../pagination/request-draft'
import type { StopReason } from '../pagination/stop-reason'
import { fullBudget } from '../playbook/template/budget'
import { evaluateCondition } from '../playbook/template/evaluate-template'
import { decideRetry, type RetryDecision } from '../retry/decide-retry'
import { isIdempotent, isRetryable } from '../retry/retry-policy'
import { tryNames } from '../retry/try-names'
import { addWarnings, bounded, elementEvent, errorFacts } from './element-facts'
import { endAt } from './element-ahead'
import type { ElementPlan } from './element-plan'
import type { AttemptRecord, ElementStep } from './element-records'
import { afterSkipped } from './element-skip'
import type { ElementState, OpenPage, RunningState } from './element-state'
import type { ErrorFacts } from './events'

type FailedPage = { open: OpenPage; outcome: HttpOutcome; fault: PageFault | DomainError; now: Date; random: number }

export const WAIT_TOO_LONG_HINT = 'retry it after that time, or raise `max_wait` in `retry.on_error`'

const BODY_CAP = 64 * 1024

/** A try that failed: another one later, or the end by `on_page_error`. */
export function failPage(plan: ElementPlan, state: RunningState, failed: FailedPage): ElementStep {
  const { open, outcome, fault, now } = failed
  const status = outcome.kind === 'response' ? outcome.response.status : null
  const error = errorFacts(fault, { page: open.page, attempt: open.attempt, status })
  // Another try would find the same pause, whatever a policy says of it.
  if (isPaused(outcome)) return giveUp(plan, state, failed, error)
  const decision = decide(plan, failed, error)
  if (decision instanceof PageFault)
    return giveUp(plan, state, failed, {
      ...error,
      kind: decision.kind,
      message: decision.message,
      hint: decision.hint,
    })
  if (!decision.retry) return giveUp(plan, state, failed, finalError(plan, error, { open, decision }))
  const retryAt = new Date(now.getTime() + decision.delayMs)
  const next: RunningState = {
    ...state,
    open: state.open.map((each) =>
      each === open
        ? { ...open, attempt: open.attempt + 1, failures: open.failures + 1, retryAt, waitedMs: null }
        : each,
    ),
    progress: { ...state.progress, retries: state.progress.retries + 1 },
  }
  const attempt = attemptOf(plan, failed, { error, delayMs: decision.delayMs })
  const context = {
    error,
    attempt: open.attempt,
    delay_ms: decision.delayMs,
    reason: decision.reason,
    next_attempt_at: retryAt.toISOString(),
    http_status: status,
    started_at: attempt.startedAt.toISOString(),
    duration_ms: attempt.durationMs,
  }
  return {
    state: next,
    events: [elementEvent(plan, open, { type: 'page_retry', status: 'RUNNING', context })],
    page: null,
    attempt,
  }
}

/** True when nothing was sent because the API lets no request pass for too long. */
const isPaused = (outcome: HttpOutcome): boolean => outcome.kind === 'none' && outcome.failure === 'wait_too_long'

/** A policy whose condition can't be evaluated is the playbook's fault and ends the page. */
function decide(
  plan: ElementPlan,
  { open, outcome, fault, now, random }: FailedPage,
  error: ErrorFacts,
): RetryDecision | PageFault {
  const response = outcome.kind === 'response' ? outcome.response : null
  const { method } = applyPatch(plan.first, open.patch)
  const tried = {
    kind: error.kind,
    status: response?.status ?? null,
    headers: response?.headers ?? {},
    askedWait: outcome.kind === 'none' ? (outcome.askedWait ?? null) : null,
    method,
    failures: open.failures + 1,
  }
  const body = response === null ? null : bodyForConditions(response.text)
  const scope = {
    ...tryNames({ status: tried.status, success: false, body, attempt: tried.failures }),
    ...plan.scope,
    error: {
      kind: error.kind,
      // 0 and not None, so that `error.status >= 500` is false for a broken connection and no error of its own.
      status: tried.status ?? 0,
      message: error.message,
      type: outcome.kind === 'none' ? outcome.code : error.kind,
      retryable: isRetryable(error.kind, tried.status),
      attempt: tried.failures,
    },
    response: body,
    http: response === null ? null : { status: response.status, headers: response.headers, url: response.url },
  }
  try {
    // Of many policies each may be asked, right after what the page was read by.
    const budget = fullBudget()
    const holds = (condition: string): boolean => evaluateCondition(condition, scope, budget)
    return decideRetry(plan.policies, tried, { now, random, holds })
  } catch (caught) {
    if (!(caught instanceof Error)) throw caught
    return new PageFault(
      'template',
      `${fault.message}; and whether to try again can't be told: ${caught.message}`,
      'correct `when` of the error policy',
    )
  }
}

const bodyForConditions = (text: string): unknown => {
  const reading = parseJsonBody(text)
  return reading.ok ? reading.value : text.slice(0, BODY_CAP)
}

function finalError(
  plan: ElementPlan,
  error: ErrorFacts,
  { open, decision }: { open: OpenPage; decision: Extract<RetryDecision, { retry: false }> },
): ErrorFacts {
  switch (decision.because) {
    case 'no_policy':
      return withHint(plan, error, open)
    case 'exhausted':
      if (decision.tries < 2) return error
      return {
        ...error,
        kind: 'retry_exhausted',
        message: `${open.failures + 1} tries of page ${open.page} failed, the last with: ${error.message}`,
      }
    case 'wait_too_long':
      return {
        ...error,
        kind: 'wait_too_long',
        message: `the API asks to wait ${Math.round(decision.waitMs / 1000)} s (${decision.reason}), more than max_wait of ${decision.maxWait} s`,
        hint: WAIT_TOO_LONG_HINT,
      }
  }
}

/** Why a failure that may pass ended a page at its first try is nowhere else to be seen. */
function withHint(plan: ElementPlan, error: ErrorFacts, open: OpenPage): ErrorFacts {
  const { method } = applyPatch(plan.first, open.patch)
  const status = error.status ?? null
  if (typeof error.hint === 'string' || isIdempotent(method) || !isRetryable(error.kind, status)) return error
  // A policy of the step's own that doesn't hold for this status means it so.
  if (plan.policies.length > 0 && status !== null) return error
  const hint = `a ${method} may have been acted on, so it is not sent again by itself: \`retry: {on_error: {methods: [${method}]}}\` asks for it`
  return { ...error, hint }
}

/** No further try: the element fails, or the page is left out, or what there is is kept. */
function giveUp(plan: ElementPlan, state: RunningState, failed: FailedPage, error: ErrorFacts): ElementStep {
  const attempt = attemptOf(plan, failed, { error, delayMs: null })
  const { open } = failed
  // It is no fault of this page, and the pages after it would be left out for it as well.
  const isOfAll = error.kind === 'wait_too_long' && plan.paginator.onPageError === 'skip'
  switch (isOfAll ? 'fail' : plan.paginator.onPageError) {
    case 'fail':
      return { state: failedState(state, open, error), events: [], page: null, attempt }
    case 'stop': {
      const stopReason: StopReason = error.kind === 'loop_detected' ? 'repeated_page' : 'page_error'
      const note = {
        kind: 'more_available' as const,
        message: `ended on page ${open.page}, which failed: ${error.message}`,
      }
      const progress = { ...state.progress, warnings: addWarnings(state.progress.warnings, [note], open.page) }
      const ended = endAt(plan, { ...state, progress }, { open, stopReason, now: failed.now })
      return { state: ended, events: [], page: null, attempt }
    }
    case 'skip':
      return skipPage(plan, state, failed, { error, attempt })
  }
}

function skipPage(
  plan: ElementPlan,
  state: RunningState,
  failed: FailedPage,
  input: { error: ErrorFacts; attempt: AttemptRecord },
): ElementStep {
  const { open, now } = failed
  const { error, attempt } = input
  const note = { kind: 'page_skipped' as const, message: `page ${open.page} was left out: ${error.message}` }
  const progress = { ...state.progress, warnings: addWarnings(state.progress.warnings, [note], open.page) }
  const next = afterSkipped(plan, { ...state, progress }, { open, now })
  if (typeof next === 'string')
    return { state: failedState(state, open, { ...error, hint: next }), events: [], page: null, attempt }
  const context = {
    error,
    attempt: open.attempt,
    delay_ms: null,
    reason: 'on_page_error: skip',
    next_attempt_at: null,
    http_status: error.status,
    started_at: attempt.startedAt.toISOString(),
    duration_ms: attempt.durationMs,
  }
  const events = [elementEvent(plan, open, { type: 'page_retry', status: 'SKIPPED', context })]
  return { state: next, events, page: null, attempt }
}

/** The page stays open, so that a retry of the element starts at it. */
const failedState = (state: RunningState, open: OpenPage, error: ErrorFacts): ElementState => ({
  status: 'failed',
  error,
  open: state.open.map((each) =>
    each === open ? { ...open, attempt: open.attempt + 1, failures: open.failures + 1, waitedMs: null } : each,
  ),
  ahead: state.ahead,
  auto: state.auto,
  progress: state.progress,
  seen: state.seen,
})

function attemptOf(
  plan: ElementPlan,
  { open, outcome }: FailedPage,
  result: { error: ErrorFacts; delayMs: number | null },
): AttemptRecord {
  const response = outcome.kind === 'response' ? outcome.response : null
  return {
    page: open.page,
    attempt: open.attempt,
    request: {
      ...describeRequest(applyPatch(plan.first, open.patch)),
      body: bounded(describeRequest(applyPatch(plan.first, open.patch)).body, BODY_CAP),
    },
    status: response?.status ?? null,
    responseHeaders: response?.headers ?? null,
    bodyText: response?.text ?? null,
    error: result.error,
    delayMs: result.delayMs,
    startedAt: outcome.startedAt,
    durationMs: Math.round(outcome.durationMs),
  }
}
