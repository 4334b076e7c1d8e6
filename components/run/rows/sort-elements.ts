import type { ElementStatus, ElementView, ExecutionView } from '@/domain/execution/view'
import { timelineRows, type ElementRow } from '../timeline/timeline-rows'

export type Shown = 'all' | 'failed' | 'running' | 'waiting' | 'completed'

const RANK: Record<ElementStatus, number> = {
  FAILED: 0,
  WAITING: 1,
  RUNNING: 2,
  CANCELLED: 3,
  COMPLETED: 4,
  SKIPPED: 5,
  PENDING: 6,
}

const SHOWS: Record<Exclude<Shown, 'all'>, ReadonlySet<ElementStatus>> = {
  failed: new Set(['FAILED']),
  running: new Set(['RUNNING']),
  waiting: new Set(['WAITING']),
  completed: new Set(['COMPLETED']),
}

/** The elements to list: failed first, then those in trouble, then those at work; within a state in input order. */
export function sortElements(view: ExecutionView, shown: Shown, find: string): ElementRow[] {
  const wanted = find.trim().toLocaleLowerCase()
  return timelineRows(view)
    .filter((row): row is ElementRow => row.kind === 'element')
    .filter(({ element }) => (shown === 'all' || SHOWS[shown].has(element.status)) && isNamed(element, wanted))
    .toSorted((one, other) => RANK[one.element.status] - RANK[other.element.status])
}

const isNamed = (element: ElementView, wanted: string): boolean =>
  wanted === '' || element.label.toLocaleLowerCase().includes(wanted) || String(element.index) === wanted
