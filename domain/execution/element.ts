import { firstWords } from '../cut-text'
import { DomainError } from '../domain-error'
import type { HttpOutcome, HttpRequest, HttpResponse, NoResponseKind } from '../http-message'
import { buildRequest } from '../pagination/build-request'
import { PageFault } from '../pagination/page-fault'
import type { PageReading } from '../pagination/page-reading'
import { readPage } from '../pagination/read-page'
import { applyPatch } from '../pagination/request-draft'
import { proveAgain, recordAutomatic } from './element-auto'
import { failPage, WAIT_TOO_LONG_HINT } from './element-failure'
import type { ElementPlan } from './element-plan'
import type { ElementStep } from './element-records'
import { hasSlot } from './element-slot'
import { savePage, stopAtStatus } from './element-success'
import { withResult } from './result-scope'
import type { ElementState, OpenPage, RunningState } from './element-state'

type ElementAction =
  /** `hasSlot`: a slot of the rate limit is reserved for it; without one, reserve it first where there is a limit. */
  | { do: 'request'; page: number; attempt: number; request: HttpRequest; hasSlot: boolean }
  | { do: 'wait'; until: Date }
  /** Nothing to start now: the answers to pages in flight must come first. */
  | { do: 'await' }
  | { do: 'stop' }

/** The state before the first request. */
export function initialState(plan: ElementPlan): ElementState {
  return {
    status: 'running',
    open: [
      {
        page: 1,
        attempt: 1,
        failures: 0,
        token: plan.firstToken,
        patch: {},
        retryAt: null,
        waitedMs: null,
        afterSkip: false,
        room: null,
      },
    ],
    ahead: null,
    auto: null,
    progress: {
      pages: 0,
      items: 0,
      received: 0,
      duplicates: 0,
      retries: 0,
      bytes: 0,
      total: null,
      totalPages: null,
      hasMore: null,
      firstPageItems: null,
      lastPage: null,
      emptyInARow: 0,
      staleInARow: 0,
      guessedPath: null,
      warnings: [],
    },
    seen: new Map(),
  }
}

/**
 * An element opened again: a failed one at the page that failed, its finished pages kept; where the way to page 2 was
 * not proved yet, at the first guess. Any other state is returned as it is.
 */
export function reopenFailed(state: ElementState): ElementState {
  if (state.status === 'running') return proveAgain(state)
  if (state.status === 'completed') return state
  const { open, ahead, auto, progress, seen } = state
  return proveAgain({
    status: 'running',
    open: open.map((page) => ({ ...page, failures: 0, retryAt: null, waitedMs: null })),
    ahead,
    auto,
    progress,
    seen,
  })
}

/** The state in which pages that wait between two tries are due; a slot of the rate limit is still waited for. */
export function skipBackoff(state: ElementState): ElementState {
  if (state.status !== 'running') return state
  return { ...state, open: state.open.map((page) => (page.waitedMs === null ? { ...page, retryAt: null } : page)) }
}

/** What to do now. `inFlight`: pages already asked for whose outcomes aren't recorded yet. Throws DomainError when a request can't be built. */
export function nextAction(
  plan: ElementPlan,
  state: ElementState,
  now: Date,
  inFlight: ReadonlySet<number> = new Set(),
): ElementAction {
  if (state.status !== 'running') return { do: 'stop' }
  const startable = state.open.filter(({ page }) => !inFlight.has(page))
  const due = startable.find(({ retryAt }) => retryAt === null || retryAt <= now)
  if (due !== undefined) {
    const request = buildRequest(applyPatch(plan.first, due.patch), plan)
    return { do: 'request', page: due.page, attempt: due.attempt, request, hasSlot: hasSlot(due, now) }
  }
  const until = startable.flatMap(({ retryAt }) => (retryAt === null ? [] : [retryAt.getTime()]))
  return until.length === 0 ? { do: 'await' } : { do: 'wait', until: new Date(Math.min(...until)) }
}

/** Takes in what one request gave. `random` is in [0, 1). Pure but for `state.seen`, which grows. */
export function recordOutcome(
  plan: ElementPlan,
  state: ElementState,
  input: { page: number; outcome: HttpOutcome; now: Date; random: number },
): ElementStep {
  const nothing: ElementStep = { state, events: [], page: null, attempt: null }
  if (state.status !== 'running') return nothing
  const open = state.open.find(({ page }) => page === input.page)
  const { outcome } = input
  if (open === undefined || (outcome.kind === 'none' && outcome.failure === 'aborted')) return nothing
  const asked = { ...input, open }
  if (plan.paginator.auto === null) return recordAnswer(plan, state, asked)
  return recordAutomatic(plan, state, asked, (inForce, before) => recordAnswer(inForce, before, asked))
}

function recordAnswer(
  plan: ElementPlan,
  state: RunningState,
  input: { page: number; open: OpenPage; outcome: HttpOutcome; now: Date; random: number },
): ElementStep {
  const { open, outcome } = input
  if (outcome.kind === 'none') {
    return failPage(plan, state, {
      ...input,
      open,
      fault: new PageFault(outcome.failure, noResponse(open, outcome), hintWithout(outcome.failure)),
    })
  }
  if (plan.paginator.stop.statusCodes.includes(outcome.response.status))
    return stopAtStatus(plan, state, { open, outcome, now: input.now })
  const reading = read(plan, state, { open, response: outcome.response })
  return reading instanceof Error
    ? failPage(plan, state, { ...input, open, fault: reading })
    : savePage(plan, state, { open, outcome, reading, now: input.now })
}

function read(
  plan: ElementPlan,
  state: RunningState,
  { open, response }: { open: OpenPage; response: HttpResponse },
): PageReading | PageFault | DomainError {
  if (response.status < 200 || response.status > 299) return httpError(open, response)
  try {
    return readPage(withResult(plan, open, response), open, {
      response,
      gathered: state.progress,
      seen: state.seen,
      ahead: state.ahead,
    })
  } catch (error) {
    if (error instanceof PageFault || error instanceof DomainError) return error
    throw error
  }
}

function noResponse(open: OpenPage, { failure, message }: Extract<HttpOutcome, { kind: 'none' }>): string {
  const wasNotSent = failure === 'token_refused' || failure === 'token_unavailable' || failure === 'wait_too_long'
  return wasNotSent ? `page ${open.page} was not asked for: ${message}` : `page ${open.page} got no answer: ${message}`
}

const hintWithout = (failure: NoResponseKind): string | null =>
  failure === 'wait_too_long' ? WAIT_TOO_LONG_HINT : null

function httpError(open: OpenPage, response: HttpResponse): PageFault {
  const { status, text, bodyFault } = response
  const said = firstWords(text, 200)
  const words = said === '' ? '' : `: ${said}`
  const lack =
    bodyFault === undefined ? '' : `, with a body that can't be read${said === '' ? '' : ' to its end'} (${bodyFault})`
  const whole = said === '' && lack === '' ? ' with an empty body' : `${lack}${words}`
  return new PageFault('http_error', `page ${open.page} answered ${status}${whole}`, hintFor(status, open.page))
}

function hintFor(status: number, page: number): string | null {
  switch (status) {
    case 401:
    case 403:
      return 'check the credentials (`auth`, `headers`) and what they may read'
    case 404:
      return 'check the url; if this API answers 404 after the last page, add 404 to `stop.status_codes`'
    case 400:
    case 416:
    case 422:
      return page === 1
        ? null
        : `if this API answers ${status} after the last page, add ${status} to \`stop.status_codes\`; if it gives no more than the first 1,000 or 10,000 items, ask for less at once: a loop over dates, or a filter`
    case 429:
      return 'the API wants fewer requests: set `interval`, `rate_limit`, or more tries in `retry.on_error`'
    default:
      return null
  }
}
