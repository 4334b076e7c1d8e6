import type { HttpResponse } from '../http-message'
import { noteFallen } from './changing-total'
import type { CutItems } from './cut-items'
import type { Evidence, Verdict } from './decide-next'
import { noteLeftOut } from './left-out-params'
import type { PlannedCall } from './next-call'
import { holeNotes } from './page-due'
import type { Gathered } from './page-reading'
import type { Paginator } from './paginator'
import { reconcile, type WarningNote } from './reconcile'
import { applyPatch, type RequestDraft, type RequestPatch } from './request-draft'
import { noteSkipping } from './skipping-call'
import { noteUnreadSigns } from './unread-signs'

type PageInOrder = {
  /** What the pages before have left, and what this one leaves. */
  gathered: Gathered
  now: Gathered
  evidence: Evidence
  verdict: Verdict
  /** The request of the page, as a change of the first one, and the one after it. */
  patch: RequestPatch
  call: PlannedCall | null
  body: unknown
  itemsPath: readonly string[] | null
  response: HttpResponse
}

/** What is to be said about a page whose turn it was: how it follows the ones before, and whether it may be the last. */
export function notesInOrder(
  { paginator, first }: { paginator: Paginator; first: RequestDraft },
  input: PageInOrder,
): WarningNote[] {
  const { gathered, now, evidence, verdict } = input
  const { page, next } = evidence
  return [
    ...holeNotes(paginator.source, evidence, { ...gathered, total: now.total }),
    ...(paginator.source.type === 'while' && input.itemsPath !== null
      ? noteSkipping(applyPatch(first, input.patch).params, evidence, input.call)
      : []),
    ...noteLeftOut(first, { page, next, url: input.response.url }),
    ...noteFallen(paginator, page, { before: gathered, now }),
    ...reconcile(paginator, evidence, verdict),
    ...noteUnreadSigns(paginator, verdict, input),
  ]
}

export const duplicatesNote = (cut: CutItems, page: number): WarningNote[] =>
  cut.duplicates === 0
    ? []
    : [{ kind: 'duplicates_dropped', message: `page ${page} repeats ${cut.duplicates} items, which were dropped` }]
