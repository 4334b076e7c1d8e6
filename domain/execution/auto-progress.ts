import { DomainError } from '../domain-error'
import type { HttpResponse } from '../http-message'
import type { JsonObject } from '../json'
import { readClues } from '../pagination/auto/clues'
import { proposePagination } from '../pagination/auto/propose-pagination'
import type { Proposal } from '../pagination/auto/propose-tokens'
import { readSent } from '../pagination/auto/sent-values'
import { describeRequest } from '../pagination/build-request'
import { isObject } from '../pagination/item-path'
import { parsedPath, readItems } from '../pagination/items'
import { planNextCall } from '../pagination/next-call'
import { readNextToken } from '../pagination/next-token'
import { PageFault } from '../pagination/page-fault'
import { readSignals } from '../pagination/page-signals'
import { applyPatch, type RequestPatch } from '../pagination/request-draft'
import { readResponseBody } from '../pagination/response-body'
import { budgetAtOnce } from '../playbook/template/budget'
import { chosenPaginator } from './element-paginator'
import type { ElementPlan } from './element-plan'
import type { OpenPage, RunningState } from './element-state'

/** A way to page 2 with the request it leads to. */
export type Candidate = {
  paginate: JsonObject & { type: string }
  evidence: readonly string[]
  token: number | string | null
  patch: RequestPatch
}

/** How far `auto` has come. The first candidate is the one that is tried or, once proved, the one in use. */
export type AutoProgress = {
  stage: 'proving' | 'proved'
  candidates: readonly Candidate[]
  refused: readonly { candidate: Candidate; why: string }[]
  /** Signs of more; null: there are none, at most a `suspicion`. */
  more: string | null
  /** True when counts or flags promise more. */
  promised: boolean
  suspicion: string | null
}

type Detected = { auto: AutoProgress; items: readonly unknown[]; end: string }

/** What the first answer leads to believe, each way with its request. Null for an answer that can't be read: reading it says why. */
export function detectPagination(plan: ElementPlan, open: OpenPage, response: HttpResponse): Detected | null {
  const answer = orNull(() => {
    const body = readResponseBody(response, plan.responseFormat, open.page)
    return body.text === null
      ? null
      : { body: body.value, found: readItems(body.value, plan.paginator.items, open.page, true) }
  })
  if (answer === null) return null
  const { body, found } = answer
  const sent = describeRequest(applyPatch(plan.first, open.patch))
  const { proposals, more, promised, suspicion, end } = proposePagination({
    url: response.url,
    clues: readClues(body, found.path),
    headers: response.headers,
    items: found.items,
    isBare: Array.isArray(body),
    sent: readSent(sent, plan.first.body.kind, plan.paginator.auto?.place ?? null),
  })
  const candidates: Candidate[] = []
  const refused: { candidate: Candidate; why: string }[] = []
  for (const proposal of proposals) {
    const call = callOf(plan, proposal, { open, response, body, items: found.items })
    if (call instanceof PageFault)
      refused.push({ candidate: { ...proposal, token: null, patch: {} }, why: call.message })
    else candidates.push({ ...proposal, ...call })
  }
  return { auto: { stage: 'proving', candidates, refused, more, promised, suspicion }, items: found.items, end }
}

type First = { open: OpenPage; response: HttpResponse; body: unknown; items: readonly unknown[] }

function callOf(
  plan: ElementPlan,
  { paginate }: Proposal,
  { open, response, body, items }: First,
): Pick<Candidate, 'token' | 'patch'> | PageFault {
  const paginator = chosenPaginator(plan.paginator, paginate)
  const { page, token } = open
  try {
    const next = readNextToken(paginator.source, { body, response, items, token, page })
    if (next.kind === 'none') return new PageFault('missing_cursor', `it gives nothing to go on with (${next.shown})`)
    return planNextCall({ ...plan, paginator }, open, { next, scope: plan.scope, budget: budgetAtOnce(), response })
  } catch (error) {
    if (error instanceof PageFault) return error
    throw error
  }
}

/** The items of the page that is to prove a way; null where they can't be read. */
export function readProbe(
  plan: ElementPlan,
  { progress }: RunningState,
  { page, response }: { page: number; response: HttpResponse },
): readonly unknown[] | null {
  const path = plan.paginator.items ?? (progress.guessedPath === null ? null : parsedPath(progress.guessedPath))
  return orNull(() => {
    const body = readResponseBody(response, plan.responseFormat, page)
    return body.text === null ? [] : readItems(body.value, path, page, true).items
  })
}

/** The candidate on trial with only those stop rules that its page can be read by as well. */
export function withProvenStops(plan: ElementPlan, auto: AutoProgress, response: HttpResponse): AutoProgress {
  const [tried, ...others] = auto.candidates
  const stop = tried?.paginate['stop']
  const body = orNull(() => readResponseBody(response, plan.responseFormat, 2))
  if (tried === undefined || !isObject(stop) || body === null) return auto
  const kept = Object.entries(stop).filter(([rule, place]) => {
    const { stop: settings } = chosenPaginator(plan.paginator, { type: 'none', stop: { [rule]: place ?? null } })
    // As on a first page, where a total that is missing is a fault.
    return orNull(() => readSignals(body.value, response.headers, settings, 1)) !== null
  })
  const { stop: _all, ...paginate } = tried.paginate
  const trimmed = kept.length === 0 ? paginate : { ...paginate, stop: Object.fromEntries(kept) }
  return { ...auto, candidates: [{ ...tried, paginate: trimmed }, ...others] }
}

/** Null for what an API's answer is at fault for. */
function orNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof PageFault || error instanceof DomainError) return null
    throw error
  }
}
