import type { HttpResponse } from '../http-message'
import { noteFallen } from './changing-total'
import type { CutItems } from './cut-items'
import type { Evidence, Verdict } from './decide-next'
import { noteLeftOut } from './left-out-params'
import type { PlannedCall } from './next-call'
import { emptyNotes, holeNotes } from './page-due'
import type { Gathered } from './page-reading'
import type { Paginator } from './paginator'
import { reconcile, type WarningNote } from './reconcile'
import { applyPatch, type RequestDraft, type RequestPatch } from './request-draft'
import { noteSkipping } from './skipping-call'
import { noteUnreadSigns } from './unread-signs'

type PageRead = {
  /** What the pages before have left, and what this one leaves. */
  gathered: Gathered
  now: Gathered
  evidence: Evidence
  verdict: Verdict
  call: PlannedCall | null
  body: unknown
  itemsPath: readonly string[] | null
  response: HttpResponse
  /** Set where the page was one of several fetched at once, with how many items it was due to have. */
  ahead: { readonly pageSize: number } | null
  due: number | null
}

/**
 * What is to be said about a page, of which `patch` is the request as a change of the first one: how it follows the ones
 * before, and whether it may be the last. One of several fetched at once follows none, and its end is told with theirs.
 */
export function pageNotes(
  { paginator, first }: { paginator: Paginator; first: RequestDraft },
  { page, patch }: { page: number; patch: RequestPatch },
  input: PageRead,
): WarningNote[] {
  const { gathered, now, evidence, verdict, ahead, due } = input
  const fallen = noteFallen(paginator, page, { before: gathered, now })
  if (ahead !== null)
    return [...fallen, ...(evidence.pageItems === 0 ? emptyNotes(paginator.source, { page, due }, ahead.pageSize) : [])]
  return [
    ...holeNotes(paginator.source, evidence, { ...gathered, total: now.total }),
    ...(paginator.source.type === 'while' && input.itemsPath !== null
      ? noteSkipping(applyPatch(first, patch).params, evidence, input.call)
      : []),
    ...noteLeftOut(first, { page, next: evidence.next, url: input.response.url }),
    ...fallen,
    ...reconcile(paginator, evidence, verdict),
    ...noteUnreadSigns(paginator, verdict, input),
  ]
}

export const duplicatesNote = (cut: CutItems, page: number): WarningNote[] =>
  cut.duplicates === 0
    ? []
    : [{ kind: 'duplicates_dropped', message: `page ${page} repeats ${cut.duplicates} items, which were dropped` }]
