import { describeRequest } from './build-request'
import { parameterText } from './build-url'
import { hashJson, hashText, type Digest } from './content-hash'
import { isObject } from './item-path'
import { loopFault, seenBefore, type LoopGuardMemory } from './loop-guard'
import type { PlannedCall } from './next-call'
import type { NextToken } from './next-token'
import { PageFault } from './page-fault'
import type { Paginator } from './paginator'
import type { WarningNote } from './reconcile'
import { readStale } from './stale-page'
import { applyPatch, type RequestDraft, type RequestPatch } from './request-draft'

type GuardPlan = { paginator: Paginator; first: RequestDraft; digest?: Digest }
type Asked = { page: number; patch: RequestPatch }

/** With `empty_page: false` pages may be empty, and items may come again and again, but hardly so many pages in a row. */
const MOST_EMPTY = 1_000

/** `staleInARow`: how many pages up to this one had only items that came before. */
type Guarded = { fingerprints: string[]; warnings: WarningNote[]; staleInARow: number }

/** Compares tokens, requests and content with all pages before; throws `loop_detected` when the run would go on in a circle. */
export function guardAgainstLoops(
  plan: GuardPlan,
  asked: Asked,
  input: {
    items: readonly unknown[]
    /** The items as they stand in the body, text or bytes, where they are one list there. */
    itemsText: string | Uint8Array | null
    token: NextToken | PageFault
    next: PlannedCall | null
    emptyInARow: number
    /** Of the pages before, those in a row that had only items that came before; and whether `dedupe` dropped all of this one. */
    staleInARow: number
    isAllDropped: boolean
    /** True when another page follows this one, also where that was known before. */
    goesOn: boolean
    seen: LoopGuardMemory
  },
): Guarded {
  const { source, loopGuard } = plan.paginator
  const { next } = input
  const fingerprints: string[] = []
  const warnings: WarningNote[] = []
  if (source.type === 'none' || loopGuard === 'off') return { fingerprints, warnings, staleInARow: 0 }
  if (loopGuard !== 'content') fingerprints.push(...guardToken(plan, asked, input))
  if (next !== null && input.emptyInARow >= MOST_EMPTY && isEndless(source.type))
    throw new PageFault(
      'loop_detected',
      `page ${asked.page} is the last of ${MOST_EMPTY} empty pages in a row, and the API says that there is more`,
      'say when to stop (`empty_page`, `max_pages`); if so many pages may be empty, set `loop_guard: off`',
    )
  if (input.items.length === 0) return { fingerprints, warnings, staleInARow: input.staleInARow }
  const content = `c:${input.itemsText === null ? hashJson(input.items, plan.digest) : hashText(input.itemsText, plan.digest)}`
  const before = seenBefore(input.seen, content, asked.page)
  if (before !== null && input.goesOn && loopGuard !== 'token')
    throw loopFault('content', asked.page, before, `${input.items.length} items`)
  if (before !== null)
    warnings.push({ kind: 'repeated_page', message: `page ${asked.page} has the same items as page ${before}` })
  fingerprints.push(content)
  if (before !== null || loopGuard === 'token') return { fingerprints, warnings, staleInARow: 0 }
  const stale = readStale(input.items, { page: asked.page, seen: input.seen, digest: plan.digest })
  const staleInARow = stale.isStale || input.isAllDropped ? input.staleInARow + 1 : 0
  if (staleInARow >= MOST_EMPTY && input.goesOn)
    throw new PageFault(
      'loop_detected',
      `page ${asked.page} is the last of ${MOST_EMPTY} pages in a row with the ids of items that came before: the API seems to ignore the page asked for`,
      'check `param` and `in`; if so many pages may have the same items anew, set `loop_guard: token`',
    )
  return {
    fingerprints: [...fingerprints, ...stale.fingerprints],
    warnings: [...warnings, ...stale.warnings],
    staleInARow,
  }
}

/** An empty page has no content that could come again, and what is counted up or made by a template may never do. */
const isEndless = (type: Paginator['source']['type']): boolean =>
  type === 'page' || type === 'offset' || type === 'while'

/** Numbers counted up can't come again, so only tokens and requests made from answers are remembered. */
function guardToken(
  plan: GuardPlan,
  asked: Asked,
  input: { token: NextToken | PageFault; next: PlannedCall | null; seen: LoopGuardMemory },
): string[] {
  const { token, next, seen } = input
  const { type } = plan.paginator.source
  if (type === 'page' || type === 'offset') return []
  if (type === 'while' || type === 'next_url' || type === 'link') {
    const own = requestPrint(plan, asked.patch)
    if (next === null) return [own]
    // A scroll is moved on by the same POST again and again; what it brings is compared all the same.
    if (type === 'while' && isPost(plan, next.patch) && plan.paginator.loopGuard === 'all') return [own]
    const coming = requestPrint(plan, next.patch)
    const before = coming === own ? asked.page : seenBefore(seen, coming, asked.page)
    if (before !== null) throw loopFault('request', asked.page, before, shownRequest(plan, next.patch))
    return [own]
  }
  if (next === null || token instanceof PageFault || token.kind !== 'value') return []
  const print = `t:${hashJson(token.value)}`
  const before = seenBefore(seen, print, asked.page)
  if (before !== null) throw loopFault(type === 'last_record' ? 'field' : 'token', asked.page, before, token.shown)
  return [print]
}

const isPost = ({ first }: GuardPlan, patch: RequestPatch): boolean => (patch.method ?? first.method) === 'POST'

/** A parameter is the same whether the playbook wrote it as a number or a URL has it as text, and wherever it stands. */
function requestPrint(plan: GuardPlan, patch: RequestPatch): string {
  const { params, ...request } = describeRequest(applyPatch(plan.first, patch))
  const sent = Object.entries(isObject(params) ? params : {}).map(([name, value]) => [
    name,
    ...[value].flat().map(parameterText),
  ])
  return `u:${hashJson({ ...request, params: sent.toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1)) })}`
}

const shownRequest = (plan: GuardPlan, patch: RequestPatch): string => {
  const { method, url, params } = describeRequest(applyPatch(plan.first, patch))
  const query = isObject(params) ? Object.entries(params).map(([name, value]) => `${name}=${parameterText(value)}`) : []
  return `${method} ${url}${query.length === 0 ? '' : `?${query.join('&')}`}`
}
