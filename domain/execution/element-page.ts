import { skippedItems } from '../pagination/decide-next'
import { placeToken } from '../pagination/place-token'
import type { ElementPlan } from './element-plan'
import type { ElementProgress, OpenPage } from './element-state'

/** A page that was not asked for yet. */
export const freshPage = (page: number, rest: Pick<OpenPage, 'token' | 'patch' | 'retryAt'>): OpenPage => ({
  page,
  attempt: 1,
  failures: 0,
  waitedMs: null,
  afterSkip: false,
  room: null,
  ...rest,
})

/** The earliest moment of the next page, by `interval`. */
export const pause = (plan: ElementPlan, now: Date): Date | null =>
  plan.paginator.intervalMs === 0 ? null : new Date(now.getTime() + plan.paginator.intervalMs)

/** The page with this number, found by counting: only page numbers and offsets can be. */
export function countedPage(
  plan: ElementPlan,
  page: number,
  pageSize: number,
): Pick<OpenPage, 'token' | 'patch'> | null {
  const { source, place } = plan.paginator
  if (source.type !== 'page' && source.type !== 'offset') return null
  const token = source.type === 'page' ? source.start + page - 1 : source.start + (page - 1) * pageSize
  return { token, patch: placeToken(place, source.param, token) }
}

/** Pages from the first one asked for to the end that the totals tell; null where they don't. `pageSize` is above 0. */
export function pagesInAll(
  { paginator }: ElementPlan,
  { total, totalPages }: ElementProgress,
  pageSize: number,
): number | null {
  const pages = totalPages ?? (total === null ? null : total / pageSize)
  const skipped = skippedItems(paginator.source, pageSize) / pageSize
  return pages === null ? null : Math.max(1, Math.ceil(pages - skipped))
}
