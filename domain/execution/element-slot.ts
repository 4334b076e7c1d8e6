import type { ElementState, OpenPage } from './element-state'

/** A slot not used for this long is lost: used later, it would come on top of those of that time. */
const SLOT_LIFE_MS = 250

/** The state in which this page waits for its slot of the rate limit; waiting for it is no failed try. */
export function withSlot(state: ElementState, page: number, slot: { at: Date; waitedMs: number }): ElementState {
  if (state.status !== 'running') return state
  const { at: retryAt, waitedMs } = slot
  return { ...state, open: state.open.map((open) => (open.page === page ? { ...open, retryAt, waitedMs } : open)) }
}

/** True when a slot is reserved for this page and still good. */
export const hasSlot = ({ retryAt, waitedMs }: OpenPage, now: Date): boolean =>
  waitedMs !== null && retryAt !== null && now.getTime() - retryAt.getTime() <= SLOT_LIFE_MS
