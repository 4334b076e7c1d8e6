import { skippedItems } from './decide-next'
import type { Gathered } from './page-reading'
import type { Paginator } from './paginator'
import type { WarningNote } from './reconcile'

/** Items that a page fetched at once with others did not bring: where they begin, and how many there may be. */
export type Gap = { token: number; room: number }

type Place = { page: number; token: number | string | null; room: number | null }
type Totals = { total: number | null; totalPages: number | null }

/** How many items are due on one of several pages fetched at once, by the size of page 1 and the totals; null where that can't be told. */
export function dueItems(
  source: Paginator['source'],
  { token, room }: Place,
  { total, totalPages, pageSize }: Totals & { pageSize: number },
): number | null {
  if ((source.type !== 'offset' && source.type !== 'page') || typeof token !== 'number') return null
  const most = room ?? pageSize
  const asked = source.type === 'offset' ? token - source.start : (token - source.start) * pageSize
  const behind = asked + skippedItems(source, pageSize)
  if (total !== null) return Math.max(0, Math.min(most, total - behind))
  return totalPages !== null && behind + most <= (totalPages - 1) * pageSize ? most : null
}

/**
 * What is missing of an offset's page that came shorter than due. It is asked for by itself: the pages after it are on their
 * way already, and begin where the due one would have ended. An empty page has nothing to go on from.
 */
export function gapAfter({ token, room }: Place, { came, due }: { came: number; due: number | null }): Gap | null {
  if (room === null || typeof token !== 'number' || due === null || came === 0 || came >= due) return null
  return { token: token + came, room: due - came }
}

/** Says that a page is not as long as page 1 made it due, and what that means. */
export function sizeNotes({ page, room }: Place, came: number, gap: Gap | null): WarningNote[] {
  if (gap !== null) {
    const message = `page ${page} has ${came} items where ${came + gap.room} were due; what follows them is asked for by itself`
    return [{ kind: 'server_page_size_differs', message }]
  }
  if (room === null || came <= room) return []
  const message = `page ${page} has ${came} items where ${room} were due; those after them are left to the pages they belong to`
  return [{ kind: 'server_page_size_differs', message }]
}

/** Says that an empty page, fetched at once with others, was due to have items: more than an offset leaves out of an API that counts from 0. */
export function emptyNotes(
  source: Paginator['source'],
  { page, due }: { page: number; due: number | null },
  pageSize: number,
): WarningNote[] {
  const unsure = source.type === 'offset' ? source.start - skippedItems(source, pageSize) : 0
  if (due === null || due <= unsure) return []
  return [{ kind: 'empty_page_before_total', message: `page ${page} is empty where ${due} items were due` }]
}

/**
 * Says that a numbered page came shorter than the first, and others after it: what a server that caps its pages leaves out of
 * one is in no other. One that leaves out what may not be seen does the same. A total tells exactly.
 */
export function holeNotes(
  { type }: Paginator['source'],
  { page, pageItems }: { page: number; pageItems: number },
  { lastPage, firstPageItems, total }: Pick<Gathered, 'lastPage' | 'firstPageItems' | 'total'>,
): WarningNote[] {
  if (type !== 'page' || total !== null || pageItems === 0 || lastPage === null || firstPageItems === null) return []
  const { items } = lastPage
  if (lastPage.page !== page - 1 || items === 0 || items >= firstPageItems) return []
  const message = `page ${lastPage.page} has ${items} items where page 1 had ${firstPageItems}, and page ${page} goes on: if the server left items out of page ${lastPage.page}, they are in no other`
  return [{ kind: 'server_page_size_differs', message }]
}
