import type { JsonObject } from '../json'
import { describeRequest, type DescribedRequest } from '../pagination/build-request'
import { isObject } from '../pagination/item-path'
import { restoreMemory } from '../pagination/loop-guard'
import type { RequestDraft, RequestPatch } from '../pagination/request-draft'
import { SECRET_MASK } from '../playbook/template/secret-text'
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
  const open = {
    ...freshPage(saved.page, { token: tokenOf(plan, saved), patch, retryAt: null }),
    attempt: saved.attempt,
  }
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
  return {
    status: 'running',
    open: [open],
    ahead: wasFetchedAtOnce(plan, saved) ? NOTHING_AHEAD : null,
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
): boolean => paginator.parallel > 1 && page > 1 && next['request'] === undefined

const NOTHING_AHEAD = { next: 1, last: 0, pageSize: 1, stopReason: 'total_reached' as const }

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

const shown = (request: JsonObject | null): string => {
  if (request === null) return 'the end'
  const { method, url, params, body } = request
  return JSON.stringify({ method, url, params, ...(body !== null && { body }) }).slice(0, 400)
}

/** A page number or an offset, as it was sent; other tokens are in the patch. */
function tokenOf({ paginator, firstToken }: ElementPlan, { page, request, receivedBefore }: SavedPage): number | null {
  const { source } = paginator
  if (page === 1) return firstToken
  if (source.type === 'page') return source.start + page - 1
  if (source.type !== 'offset') return null
  const params = request['params']
  const sent = Number(isObject(params) ? params[source.param] : Number.NaN)
  return Number.isFinite(sent) ? sent : source.start + receivedBefore
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
