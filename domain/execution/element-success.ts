import { cutText } from '../cut-text'
import type { HttpOutcome } from '../http-message'
import type { JsonObject } from '../json'
import { describeRequest, toJson } from '../pagination/build-request'
import { remember, storedFingerprint } from '../pagination/loop-guard'
import { endWithoutItems, type PageReading } from '../pagination/page-reading'
import { applyPatch } from '../pagination/request-draft'
import type { StopReason } from '../pagination/stop-reason'
import { addWarnings, describeChange, elementEvent, shortRequest, timingOf } from './element-facts'
import { endAt } from './element-ahead'
import { goOn } from './element-order'
import type { ElementPlan } from './element-plan'
import type { ElementStep, PageRecord } from './element-records'
import type { ElementProgress, OpenPage, RunningState } from './element-state'

type Answered = Extract<HttpOutcome, { kind: 'response' }>

/** A page that was read: its row, its event, and where the element goes from here. */
export function savePage(
  plan: ElementPlan,
  state: RunningState,
  input: { open: OpenPage; outcome: Answered; reading: PageReading; now: Date },
): ElementStep {
  const { open, outcome, reading, now } = input
  remember(state.seen, reading.fingerprints, open.page)
  const progress = progressAfter(state, input)
  const next = goOn(plan, { ...state, progress }, { open, reading, now })
  return record(plan, {
    open,
    outcome,
    reading,
    replacedItems: plan.paginator.strategy === 'replace' ? state.progress.items : 0,
    stopReason: next.status === 'completed' ? next.stopReason : null,
    state: next,
  })
}

/** A status of `stop.status_codes`: an empty page, and the end. */
export function stopAtStatus(
  plan: ElementPlan,
  state: RunningState,
  input: { open: OpenPage; outcome: Answered; now: Date },
): ElementStep {
  const { open, outcome, now } = input
  const reading = endWithoutItems(plan.paginator, state.progress, {
    page: open.page,
    stop: 'stop_status',
    rule: `status_codes ${outcome.response.status}`,
    inOrder: state.ahead === null,
  })
  const progress = progressAfter(state, { open, outcome, reading })
  const ended = endAt(plan, { ...state, progress }, { open, stopReason: 'stop_status', now })
  const stopReason = ended.status === 'completed' ? ended.stopReason : null
  return record(plan, { open, outcome, reading, replacedItems: 0, stopReason, state: ended })
}

const progressAfter = (
  { progress }: RunningState,
  { open, outcome, reading }: { open: OpenPage; outcome: Answered; reading: PageReading },
): ElementProgress => ({
  ...progress,
  ...reading.gathered,
  pages: progress.pages + 1,
  bytes: progress.bytes + outcome.response.bytes,
  warnings: addWarnings(progress.warnings, reading.warnings, open.page),
})

function record(
  plan: ElementPlan,
  input: {
    open: OpenPage
    outcome: Answered
    reading: PageReading
    replacedItems: number
    stopReason: StopReason | null
    state: ElementStep['state']
  },
): ElementStep {
  const { open, outcome, reading, replacedItems, stopReason, state } = input
  const { response } = outcome
  const request = describeRequest(applyPatch(plan.first, open.patch))
  const next = decisionOf(reading, stopReason)
  const warnings = reading.warnings.map(({ kind, message }) => ({ kind, message, page: open.page }))
  const page: PageRecord = {
    page: open.page,
    request,
    status: response.status,
    responseHeaders: response.headers,
    timing: timingOf(outcome),
    startedAt: outcome.startedAt,
    durationMs: Math.round(outcome.durationMs),
    bytes: response.bytes,
    itemCount: reading.kept,
    replacedItems,
    body: reading.bodyText,
    itemsPath: reading.itemsPath,
    items: reading.itemsText,
    next: { ...next, warnings },
    fingerprints: reading.fingerprints.map((fingerprint) => storedFingerprint(fingerprint, open.page)),
    attempt: open.attempt,
  }
  const context = {
    request: shortRequest(request),
    http_status: response.status,
    items: reading.kept,
    ...(reading.pageItems === reading.kept ? {} : { items_received: reading.pageItems }),
    ...(replacedItems === 0 ? {} : { replaced_items: replacedItems }),
    ...(reading.guessed ? { items_path: reading.itemsPath.join('.') || '$', items_guessed: true } : {}),
    bytes: response.bytes,
    started_at: outcome.startedAt.toISOString(),
    duration_ms: Math.round(outcome.durationMs),
    ...(open.waitedMs === null || open.waitedMs === 0 ? {} : { waited_ms: Math.round(open.waitedMs) }),
    next,
    ...(stopReason === null ? {} : { stop_reason: stopReason }),
    warnings,
  }
  return {
    state,
    events: [elementEvent(plan, open, { type: 'page_fetched', status: 'COMPLETED', context })],
    page,
    attempt: null,
  }
}

/** The values seen, the rule that fired, and the next request's changes or the reason to stop. */
const decisionOf = ({ verdict, values, next }: PageReading, stopReason: StopReason | null): JsonObject => ({
  rule: cutText(verdict.rule, 300),
  values: toJson(values),
  ...(stopReason === null ? {} : { stop_reason: stopReason }),
  ...(next === null ? {} : { request: describeChange(next.change) }),
})
