import type { HttpOutcome } from '../http-message'
import type { JsonObject } from '../json'
import { describeRequest, toJson } from '../pagination/build-request'
import { remember, storedFingerprint } from '../pagination/loop-guard'
import type { PageReading } from '../pagination/read-page'
import { nothingOn, reconcile } from '../pagination/reconcile'
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
  const progress: ElementProgress = {
    ...state.progress,
    ...reading.gathered,
    pages: state.progress.pages + 1,
    bytes: state.progress.bytes + outcome.response.bytes,
    warnings: addWarnings(state.progress.warnings, reading.warnings, open.page),
  }
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
  input: { open: OpenPage; outcome: Answered },
): ElementStep {
  const { open, outcome } = input
  const { status, bytes } = outcome.response
  const { pages, bytes: bytesBefore, received, duplicates, total } = state.progress
  const verdict = {
    stop: 'stop_status' as const,
    rule: `status_codes ${status}`,
    more: total !== null && received - duplicates < total,
  }
  const warnings = state.ahead === null ? reconcile(plan.paginator, nothingOn(open.page, state.progress), verdict) : []
  const progress = {
    ...state.progress,
    pages: pages + 1,
    bytes: bytesBefore + bytes,
    warnings: addWarnings(state.progress.warnings, warnings, open.page),
  }
  const reading: PageReading = {
    bodyText: null,
    itemsPath: [],
    itemsText: '[]',
    gathered: state.progress,
    kept: 0,
    pageItems: 0,
    guessed: false,
    fingerprints: [],
    warnings,
    verdict,
    next: null,
    values: { received },
  }
  const ended = endAt(plan, { ...state, progress }, { page: open.page, stopReason: 'stop_status' })
  const stopReason = ended.status === 'completed' ? ended.stopReason : null
  return record(plan, { open, outcome, reading, replacedItems: 0, stopReason, state: ended })
}

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
  rule: verdict.rule.slice(0, 300),
  values: toJson(values),
  ...(stopReason === null ? {} : { stop_reason: stopReason }),
  ...(next === null ? {} : { request: describeChange(next.change) }),
})
