import { cutText } from '../cut-text'
import { DomainError } from '../domain-error'
import type { HttpOutcome } from '../http-message'
import type { Json, JsonObject } from '../json'
import { toJson, type DescribedRequest } from '../pagination/build-request'
import type { PageFault } from '../pagination/page-fault'
import type { RequestPatch } from '../pagination/request-draft'
import type { PageWarning } from '../pagination/stop-reason'
import type { WarningNote } from '../pagination/reconcile'
import { maskSecretText } from '../playbook/template/secret-text'
import type { ElementPlan } from './element-plan'
import type { OpenPage } from './element-state'
import type { ErrorFacts, EventStatus, NewEvent } from './events'

/** A failure as events, attempts and the iteration show it. */
export function errorFacts(
  fault: PageFault | DomainError,
  place: { page: number; attempt: number; status: number | null },
): ErrorFacts {
  return {
    kind: fault instanceof DomainError ? fault.code : fault.kind,
    message: cutText(fault.message, 2_000),
    status: place.status,
    page: place.page,
    attempt: place.attempt,
    hint: fault.hint,
  }
}

/** Warnings of a page added to those before: one line a kind, counted. */
export function addWarnings(
  before: readonly PageWarning[],
  notes: readonly WarningNote[],
  page: number,
): readonly PageWarning[] {
  return notes.reduce((all, { kind, message }) => {
    const known = all.find((warning) => warning.kind === kind)
    if (known === undefined) return [...all, { kind, message, page, count: 1 }]
    return all.map((warning) => (warning === known ? { ...known, count: known.count + 1 } : warning))
  }, before)
}

/** The part of a request that an event carries. */
export const shortRequest = ({ method, url, params }: DescribedRequest): Json => ({
  method,
  url: cutText(url, 4_000),
  params: bounded(params),
})

/** A change of request as it is shown, secrets masked. */
export const describeChange = (change: RequestPatch): Json => bounded(toJson(maskSecretText(change)))

/** An event's context has to stay small: what is too large is named by its size. */
export function bounded(value: Json, limit = 8_000): Json {
  const length = JSON.stringify(value).length
  return length <= limit ? value : `(${length} characters of JSON, see the page)`
}

/** One event of this element. */
export function elementEvent(
  plan: ElementPlan,
  open: OpenPage,
  event: { type: 'page_fetched' | 'page_retry'; status: EventStatus; context: Record<string, unknown> },
): NewEvent {
  return {
    event_type: event.type,
    status: event.status,
    node_name: plan.step,
    iteration_index: plan.index,
    page: open.page,
    attempt: open.attempt,
    context: event.context,
  }
}

/** Phases of a request, as `noetl.page` keeps them. */
export const timingOf = ({ timing }: Extract<HttpOutcome, { kind: 'response' }>): JsonObject => ({
  dns_ms: timing.dnsMs,
  connect_ms: timing.connectMs,
  tls_ms: timing.tlsMs,
  wait_ms: timing.waitMs,
  body_ms: timing.bodyMs,
})
