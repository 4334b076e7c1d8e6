import { cutText } from '../cut-text'
import type { HttpOutcome, HttpResponse } from '../http-message'
import type { JsonObject } from '../json'
import { itemPrints } from '../pagination/auto/item-prints'
import { remember, seenBefore, storedFingerprint } from '../pagination/loop-guard'
import { PageFault } from '../pagination/page-fault'
import { detectPagination, withProvenStops, readProbe, type AutoProgress, type Candidate } from './auto-progress'
import { planInForce } from './auto-plan'
import { addWarnings, elementEvent } from './element-facts'
import { failPage } from './element-failure'
import { goOnProved } from './element-order'
import { freshPage, pause } from './element-page'
import type { ElementPlan } from './element-plan'
import type { ElementStep } from './element-records'
import type { ElementState, OpenPage, RunningState } from './element-state'
import type { ErrorFacts } from './events'

type Input = { open: OpenPage; outcome: HttpOutcome; now: Date; random: number }

/** Records an outcome by a plan and a state, as for a pagination that is written out. */
type Record = (plan: ElementPlan, state: RunningState) => ElementStep

/**
 * `paginate: {type: auto}`: page 1 proposes ways to page 2, one request proves the best of them, and from then on it is
 * as if that way had been written. A wrong guess is refused, and the next one tried, before anything of it is saved.
 */
export function recordAutomatic(plan: ElementPlan, state: RunningState, input: Input, record: Record): ElementStep {
  const { auto } = state
  if (auto === null) return recordFirst(plan, state, input, record)
  if (auto.stage === 'proved') return record(planInForce(plan, auto), state)
  return recordProbe(plan, state, { ...input, auto }, record)
}

function recordFirst(plan: ElementPlan, state: RunningState, input: Input, record: Record): ElementStep {
  const response = goodResponse(input.outcome)
  const found = response === null ? null : detectPagination(plan, input.open, response)
  if (found === null) return record(plan, state)
  if (found.auto.candidates.length === 0) {
    if (found.auto.more !== null) return failPage(plan, state, { ...input, fault: unproven(found.auto) })
    return noted(record(plan, state), { found: 'single page', because: found.end })
  }
  const step = record(planInForce(plan, found.auto), state)
  if (step.page === null) return step
  const prints = itemPrints(found.items)
  remember(state.seen, prints, input.open.page)
  const page = {
    ...step.page,
    fingerprints: [...step.page.fingerprints, ...prints.map((each) => storedFingerprint(each, input.open.page))],
  }
  const next: ElementState = step.state.status === 'running' ? { ...step.state, auto: found.auto } : step.state
  return noted({ ...step, page, state: next }, choiceNote(found.auto))
}

function recordProbe(
  plan: ElementPlan,
  state: RunningState,
  input: Input & { auto: AutoProgress },
  record: Record,
): ElementStep {
  const { outcome, open } = input
  const response = goodResponse(outcome)
  const auto = response === null ? input.auto : withProvenStops(plan, input.auto, response)
  const inForce = failing(planInForce(plan, auto))
  const why = response === null ? null : whyRefused(inForce, state, { open, response, auto })
  const step =
    why === null ? record(inForce, state) : failPage({ ...inForce, policies: [] }, state, { ...input, fault: why })
  if (step.state.status === 'failed') return refuse(plan, state, input, { step, error: step.state.error })
  if (step.page === null || response === null) return step
  const proved: AutoProgress = { ...auto, stage: 'proved', candidates: auto.candidates.slice(0, 1) }
  const pageItems = step.state.progress.received - state.progress.received
  const next: ElementState =
    step.state.status === 'running'
      ? goOnProved(planInForce(plan, proved), { ...step.state, auto: proved }, { pageItems, now: input.now })
      : step.state
  return noted({ ...step, state: next }, choiceNote(proved))
}

/** What speaks against the answer being page 2. Null also where it can't be read, which `record` finds out. */
function whyRefused(
  plan: ElementPlan,
  state: RunningState,
  { open, response, auto }: { open: OpenPage; response: HttpResponse; auto: AutoProgress },
): PageFault | null {
  const items = readProbe(plan, state, { page: open.page, response })
  if (items === null) return null
  if (items.length === 0)
    return auto.promised
      ? new PageFault('auto_unproven', `the page it gives is empty, although ${auto.more ?? ''}`)
      : null
  const repeated = itemPrints(items).filter((print) => seenBefore(state.seen, print, open.page) !== null).length
  if (repeated === 0) return null
  return new PageFault('auto_unproven', `${repeated} of the ${items.length} items it gives were on page 1`)
}

type Refused = { step: ElementStep; error: ErrorFacts }

/** The next candidate takes the place of the refused one; when there is none left, the end of the run. */
function refuse(
  plan: ElementPlan,
  state: RunningState,
  input: Input & { auto: AutoProgress },
  { step, error }: Refused,
): ElementStep {
  const { auto, open, now } = input
  const [tried, ...candidates] = auto.candidates
  const refused = [...auto.refused, ...(tried === undefined ? [] : [{ candidate: tried, why: error.message }])]
  const [following] = candidates
  const { attempt, events, page } = step
  if (following !== undefined) {
    const next = probe(plan, following, { attempt: open.attempt + 1, now })
    const context = {
      error,
      attempt: open.attempt,
      delay_ms: 0,
      reason: `auto: ${nameOf(tried)} is refused, ${nameOf(following)} is tried`,
      next_attempt_at: now.toISOString(),
      http_status: error.status,
    }
    return {
      state: {
        ...state,
        open: [next],
        auto: { ...auto, candidates, refused },
        progress: { ...state.progress, retries: state.progress.retries + 1 },
      },
      events: [elementEvent(plan, open, { type: 'page_retry', status: 'RUNNING', context })],
      page,
      attempt: attempt && { ...attempt, delayMs: 0 },
    }
  }
  const ended = { ...auto, candidates: [], refused }
  if (auto.more === null) return { state: endAfterOne(state, ended), events, page, attempt }
  const fault = unproven(ended)
  return {
    state: {
      status: 'failed',
      error: { ...error, kind: fault.kind, message: fault.message, hint: fault.hint },
      open: [{ ...open, attempt: open.attempt + 1 }],
      ahead: null,
      auto: ended,
      progress: state.progress,
      seen: state.seen,
    },
    events,
    page,
    attempt,
  }
}

/** A retry begins the proof again, with the best candidate: what spoke against it may have been a failure that is over. */
export function proveAgain(state: RunningState): RunningState {
  const { auto } = state
  const [open] = state.open
  if (auto?.stage !== 'proving' || open === undefined) return state
  const tried = auto.refused.filter(({ candidate }) => leadsOn(candidate))
  const candidates = [...tried.map(({ candidate }) => candidate), ...auto.candidates]
  const [first] = candidates
  if (first === undefined || tried.length === 0) return state
  const refused = auto.refused.filter(({ candidate }) => !leadsOn(candidate))
  const { token, patch } = first
  const again = { ...freshPage(2, { token, patch, retryAt: null }), attempt: open.attempt }
  return { ...state, open: [again], auto: { ...auto, candidates, refused } }
}

/** False for a way that page 1 gave nothing to go on with: its request would be that of page 1. */
const leadsOn = ({ patch }: Candidate): boolean => Object.keys(patch).length > 0

/** Nothing but a suspicion spoke for a second page, and no way led to one. */
function endAfterOne(state: RunningState, auto: AutoProgress): ElementState {
  const message = `${auto.suspicion ?? 'there may be more'}, but no way to a second page was proved: ${refusals(auto)}`
  const warnings = addWarnings(state.progress.warnings, [{ kind: 'more_available', message }], 1)
  return { status: 'completed', stopReason: 'single_page', progress: { ...state.progress, warnings }, seen: state.seen }
}

const probe = (
  plan: ElementPlan,
  { token, patch }: Candidate,
  { attempt, now }: { attempt: number; now: Date },
): OpenPage => ({
  ...freshPage(2, { token, patch, retryAt: pause(plan, now) }),
  attempt,
})

/** While a guess is tried, a page that fails speaks against the guess, whatever `on_page_error` says. */
const failing = (plan: ElementPlan): ElementPlan => ({ ...plan, paginator: { ...plan.paginator, onPageError: 'fail' } })

const goodResponse = (outcome: HttpOutcome): HttpResponse | null =>
  outcome.kind === 'response' && outcome.response.status >= 200 && outcome.response.status < 300
    ? outcome.response
    : null

const unproven = (auto: AutoProgress): PageFault =>
  new PageFault(
    'auto_unproven',
    `the API has more (${auto.more ?? ''}), but ${auto.refused.length === 0 ? 'nothing says how to ask for it' : `no way to its second page could be proved: ${refusals(auto)}`}`,
    'write how its pages follow each other: `paginate` with a type of its own',
  )

const refusals = (auto: AutoProgress): string =>
  auto.refused.map(({ candidate, why }) => `${nameOf(candidate)}: ${cutText(why, 160)}`).join('; ')

/** `page by page`, `cursor by after in json`, `link`. */
function nameOf(candidate: Candidate | undefined): string {
  if (candidate === undefined) return 'the first guess'
  const { type, param, in: where } = candidate.paginate
  if (typeof param !== 'string') return type
  return `${type} by \`${param}\`${typeof where === 'string' ? ` in ${where}` : ''}`
}

const choiceNote = (auto: AutoProgress): JsonObject => {
  const [choice] = auto.candidates
  return {
    choice: choice?.paginate ?? null,
    evidence: [...new Set([...(choice?.evidence ?? []), ...(auto.more === null ? [] : [auto.more])])],
    proved: auto.stage === 'proved',
    ...(auto.refused.length === 0
      ? {}
      : { refused: auto.refused.map(({ candidate, why }) => ({ choice: candidate.paginate, why })) }),
  }
}

/** The page's record and event with what `auto` thinks, under `next`. */
function noted(step: ElementStep, auto: JsonObject): ElementStep {
  return {
    ...step,
    page: step.page && { ...step.page, next: { ...step.page.next, auto } },
    events: step.events.map((event) => {
      const { next } = event.context
      return event.event_type === 'page_fetched' && typeof next === 'object'
        ? { ...event, context: { ...event.context, next: { ...next, auto } } }
        : event
    }),
  }
}
