'use client'
import type { ExecutionView } from '@/domain/execution/view'
import { useKeys } from '@/components/ui/use-keys'
import { sortElements } from './rows/sort-elements'
import { AS_STEP, type RunAddress, type SetRunAddress } from './run-address'
import { inspectPage, pickOf } from './run-pick'
import { timelineRows, type ElementRow } from './timeline/timeline-rows'

/** The keys of a run's screen: j k elements, h l pages, [ ] failed ones, enter inspects, escape leaves. */
export function useRunKeys(view: ExecutionView | null, address: RunAddress, set: SetRunAddress, asRows: boolean): void {
  const rows = () => {
    if (view === null) return []
    if (asRows) return sortElements(view, address.show, address.find)
    return timelineRows(view).filter((row): row is ElementRow => row.kind === 'element')
  }
  const pick = pickOf(address)
  const moveElement = (by: number, isWanted: (row: ElementRow) => boolean = () => true) => {
    const all = rows()
    const at = all.findIndex(({ step, element }) => step.name === pick?.step && element.index === pick.e)
    const candidates = by > 0 ? all.slice(at + 1) : all.slice(0, at === -1 ? all.length : at).toReversed()
    const next = candidates.find(isWanted)
    if (next !== undefined) void set({ step: next.step.name, e: next.element.index, p: failedPage(next) ?? 1, a: null })
  }
  const movePage = (by: number) => {
    if (pick === null) return false
    const row = rows().find(({ step, element }) => step.name === pick.step && element.index === pick.e)
    const last = row?.element.pages.at(-1)?.page ?? 1
    void set({ p: Math.min(last, Math.max(1, (pick.p ?? 1) + by)), a: null })
    return
  }
  const isFailed = ({ element }: ElementRow) => element.status === 'FAILED'
  useKeys({
    j: () => moveElement(1),
    k: () => moveElement(-1),
    h: () => movePage(-1),
    l: () => movePage(1),
    ']': () => moveElement(1, isFailed),
    '[': () => moveElement(-1, isFailed),
    Enter: () => (pick === null ? false : inspectPage(set, pick)),
    Escape: () => (address.inspect === null ? false : void set({ inspect: null }, AS_STEP)),
  })
}

const failedPage = ({ element }: ElementRow): number | null => element.error?.page ?? null
