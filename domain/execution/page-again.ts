import { cutText } from '../cut-text'
import type { JsonObject } from '../json'
import { describeRequest, type DescribedRequest } from '../pagination/build-request'
import { isObject, parseBodyPath, valueAt } from '../pagination/item-path'
import { restoreMemory } from '../pagination/loop-guard'
import { AT_ONCE } from '../pagination/read-page'
import type { RequestDraft, RequestPatch } from '../pagination/request-draft'
import type { TokenPlace } from '../playbook/pagination-plan'
import { SECRET_MASK } from '../playbook/template/secret-text'
import { planInForce } from './auto-plan'
import type { AutoProgress } from './auto-progress'
import { freshPage } from './element-page'
import type { ElementPlan } from './element-plan'
import type { ElementProgress, RunningState } from './element-state'
import type { ViewWarning } from './view'

/** A saved page, as far as it says how to ask for it again. */
export type SavedPage = {
  page: number
  /** The number of the coming try. */
  attempt: number
  request: JsonObject
  next: JsonObject
  /** Items received, and kept, by the pages before it. */
  receivedBefore: number
  itemsBefore: number
  /** What the loop guard remembers of the pages before it. */
  fingerprintsBefore: readonly string[]
  /** What `paginate: auto` had chosen, where it had. */
  choice: JsonObject | null
}

/**
 * The state in which only this page is asked for, and read as it was the first time. Null when its request can't be made
 * again from what is on record: a secret that came in an answer is not stored.
 */
export function stateForPage(plan: ElementPlan, saved: SavedPage, ended: ElementProgress): RunningState | null {
  const patch = saved.page === 1 ? {} : patchTo(plan.first, saved.request)
  if (patch === null) return null
  const auto: AutoProgress | null =
    saved.choice === null || typeof saved.choice['type'] !== 'string' || saved.page === 1
      ? null
      : {
          stage: 'proved',
          candidates: [
            { paginate: { ...saved.choice, type: saved.choice['type'] }, evidence: [], token: null, patch: {} },
          ],
          refused: [],
          more: null,
          promised: false,
          suspicion: null,
        }
  const token = tokenOf(auto === null ? plan : planInForce(plan, auto), saved)
  return {
    status: 'running',
    open: [{ ...freshPage(saved.page, { token, patch, retryAt: null }), attempt: saved.attempt, room: roomOf(saved) }],
    ahead: wasFetchedAtOnce(plan, saved) ? { ...NOTHING_AHEAD, pageSize: ended.firstPageItems ?? 1 } : null,
    auto,
    progress: {
      ...ended,
      items: plan.paginator.strategy === 'replace' ? 0 : saved.itemsBefore,
      received: saved.receivedBefore,
      duplicates: 0,
      hasMore: null,
      retries: 0,
      warnings: [],
      ...(saved.page === 1 && { firstPageItems: null, total: null, totalPages: null, guessedPath: null }),
    },
    seen: restoreMemory(saved.fingerprintsBefore),
  }
}

/** One of several pages that were fetched at once has no say in what comes next. */
export const wasFetchedAtOnce = (
  { paginator }: ElementPlan,
  { page, next }: Pick<SavedPage, 'page' | 'next'>,
): boolean => paginator.parallel > 1 && page > 1 && next['request'] === undefined && !endedBySequence(next)

/** The last page of a run in sequence has no next request either, but a rule that ended it. */
const endedBySequence = ({ rule }: JsonObject): boolean =>
  typeof rule === 'string' && rule !== AT_ONCE.rule && !rule.startsWith('status')

const NOTHING_AHEAD = {
  next: 1,
  last: 0,
  gaps: [],
  filled: 0,
  end: null,
  longest: 0,
  stopReason: 'total_reached' as const,
}

/** Of a page fetched at once with others: how many of its items are its own. */
function roomOf({ next }: Pick<SavedPage, 'next'>): number | null {
  const values = next['values']
  const most = isObject(values) ? values['most_items'] : undefined
  return typeof most === 'number' ? most : null
}

/**
 * Says so when a page that was fetched again leads elsewhere than where the pages after it came from; null when it doesn't.
 * `now` and `followed`: the request it leads to, and that of the page after it on record; null at the end.
 */
export function nextChanged(
  page: number,
  { now, followed, isSame }: { now: JsonObject | null; followed: JsonObject | null; isSame: boolean },
): ViewWarning | null {
  if (isSame) return null
  const message =
    followed === null
      ? `page ${page}, fetched again, says that more follows (${shown(now)}); nothing more was asked for: retry the element to get it`
      : `page ${page}, fetched again, leads to ${shown(now)} and not to ${shown(followed)} any more; the pages after it were kept as they were, so items may be missing or twice`
  return { kind: 'next_changed', message, page }
}

/**
 * Says so when a page of offsets fetched at once has another number of items than it had: what it lacks is in no other page,
 * for the others begin where it ended before, and what it has beyond may be in the page that was to fill it in.
 */
export function sizeChanged(
  { paginator }: ElementPlan,
  saved: Pick<SavedPage, 'page' | 'next'>,
  { before, now }: { before: number; now: number },
): ViewWarning | null {
  if (before === now || paginator.filter !== null || roomOf(saved) === null) return null
  const effect =
    now < before
      ? 'what it lacks is in no other page: retry the element to get it'
      : 'what is more may be in the page that filled it in as well'
  const message = `page ${saved.page}, fetched again, has ${now} items where it had ${before}, and the pages after it were kept as they were; ${effect}`
  return { kind: 'next_changed', message, page: saved.page }
}

const shown = (request: JsonObject | null): string => {
  if (request === null) return 'the end'
  const { method, url, params, body } = request
  return cutText(JSON.stringify({ method, url, params, ...(body !== null && { body }) }), 400)
}

/** A page number or an offset, as it was sent; other tokens are in the patch. */
function tokenOf({ paginator, firstToken }: ElementPlan, { page, request, receivedBefore }: SavedPage): number | null {
  const { source, place } = paginator
  if (page === 1) return firstToken
  if (source.type === 'page') return source.start + page - 1
  if (source.type !== 'offset') return null
  const sent = Number(sentAt(request, place, source.param) ?? Number.NaN)
  return Number.isFinite(sent) ? sent : source.start + receivedBefore
}

/** What a stored request has at the place of the token; in the path of a URL it can't be told from the rest. */
function sentAt(request: JsonObject, place: TokenPlace, param: string): unknown {
  const member = (holder: unknown, key: string): unknown => (isObject(holder) ? holder[key] : undefined)
  switch (place) {
    case 'query':
      return member(request['params'], param)
    case 'header':
      return member(request['headers'], param.toLowerCase())
    case 'form':
      return member(request['body'], param)
    case 'json':
      return valueAt(request['body'], parseBodyPath(param))
    case 'path':
      return undefined
  }
}

/** What makes the stored request of the step's first one. */
function patchTo(first: RequestDraft, stored: JsonObject): RequestPatch | null {
  const described = describeRequest(first)
  const isElsewhere = stored['url'] !== described.url
  const params = changed(isElsewhere ? {} : described.params, stored['params'])
  const headers = changed(described.headers, stored['headers'])
  const patch: RequestPatch = {
    ...(stored['method'] !== described.method && { method: methodOf(stored, described) }),
    ...(isElsewhere && { url: stored['url'], replacesParams: true }),
    ...(params !== null && { params: isElsewhere ? withoutOwnSecrets(params, first) : params }),
    ...(headers !== null && { headers }),
    ...bodyPatch(first, described, stored),
  }
  return JSON.stringify(patch).includes(SECRET_MASK) ? null : patch
}

const methodOf = (stored: JsonObject, { method }: DescribedRequest): NonNullable<RequestPatch['method']> =>
  (stored['method'] ?? method) as NonNullable<RequestPatch['method']>

function bodyPatch({ body }: RequestDraft, described: DescribedRequest, stored: JsonObject): RequestPatch {
  const value = stored['body'] ?? null
  if (JSON.stringify(value) === JSON.stringify(described.body)) return {}
  if (body.kind === 'text') return { text: value }
  if (body.kind === 'form' && isObject(value)) return { form: value }
  return { json: value }
}

/** Members that are not as they were; null where one is gone, and null for none at all. */
function changed(before: unknown, after: unknown): Record<string, unknown> | null {
  const [old, now] = [isObject(before) ? before : {}, isObject(after) ? after : {}]
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])]
  const differing = names.filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]))
  return differing.length === 0 ? null : Object.fromEntries(differing.map((name) => [name, now[name] ?? null]))
}

/** A secret of the first request goes along by itself; any other is not known any more. */
const withoutOwnSecrets = (params: Record<string, unknown>, first: RequestDraft): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(params).filter(
      ([name, value]) => !(Object.hasOwn(first.params, name) && JSON.stringify(value).includes(SECRET_MASK)),
    ),
  )
