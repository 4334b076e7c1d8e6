import type { PageReading } from '../pagination/page-reading'
import { fillWindow, goOnAhead, planAhead } from './element-ahead'
import { freshPage, pause } from './element-page'
import type { ElementPlan } from './element-plan'
import type { CompletedState, OpenPage, RunningState } from './element-state'

type Read = { open: OpenPage; reading: PageReading; now: Date }

/** Where an element goes after a page that was read: to the pages the verdict or the total opens, or to its end. */
export function goOn(plan: ElementPlan, state: RunningState, read: Read): RunningState | CompletedState {
  const { open, reading, now } = read
  const others = state.open.filter(({ page }) => page !== open.page)
  const { verdict, next } = reading
  if (state.ahead !== null)
    return goOnAhead(plan, { ...state, open: others, ahead: state.ahead }, { open, reading, now })
  if (verdict.stop !== null)
    return { status: 'completed', stopReason: verdict.stop, progress: state.progress, seen: state.seen }
  if (next === null) return { ...state, open: others }
  const ahead = open.page === 1 ? planAhead(plan, state.progress, { next: 2, pageSize: reading.pageItems }) : null
  if (ahead !== null) return fillWindow(plan, { ...state, open: others, ahead }, now)
  const { token, patch } = next
  return { ...state, open: [...others, freshPage(open.page + 1, { token, patch, retryAt: pause(plan, now) })] }
}

/** After page 2 has proved an automatic pagination: the pages that follow it, at once where they may be. */
export function goOnProved(
  plan: ElementPlan,
  state: RunningState,
  proof: { pageItems: number; now: Date },
): RunningState {
  const pageSize = state.progress.firstPageItems ?? 0
  // A page 2 of another size says that the pages can't be counted by that of page 1.
  const ahead = proof.pageItems === pageSize ? planAhead(plan, state.progress, { next: 3, pageSize }) : null
  return ahead === null ? state : fillWindow(plan, { ...state, open: [], ahead }, proof.now)
}
