import type { HttpOutcome } from '../http-message'
import { longestWaitMs } from '../retry/retry-policy'
import type { ElementPlan } from './element-plan'
import type { ElementStep } from './element-records'
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

/** The only page that could go out now and has no slot yet; null when there is none, or several may. */
export function pageWithoutSlot(state: ElementState, now: Date): number | null {
  const [only, ...others] = state.status === 'running' ? state.open : []
  if (only === undefined || others.length > 0 || hasSlot(only, now)) return null
  return only.retryAt === null || only.retryAt <= now ? only.page : null
}

/** The longest pause of its API that an element waits through: a longer one is `wait_too_long`. */
export const mostPauseMs = ({ policies }: ElementPlan): number => longestWaitMs(policies)

/** What a page comes to that is not asked for, because its API lets no request pass for so long. */
export const notAskedFor = (plan: ElementPlan, pauseMs: number, now: Date): HttpOutcome => ({
  kind: 'none',
  failure: 'wait_too_long',
  code: 'RATE_LIMIT',
  message: `the API lets no request pass for ${Math.round(pauseMs / 1000)} s, more than max_wait of ${mostPauseMs(plan) / 1000} s`,
  startedAt: now,
  durationMs: 0,
})

/** A wait that is worth telling: a shorter one is over before anybody has read of it. */
const LONG_WAIT_MS = 1_000

/** Lets the event of a page say when the next one is due, where that is more than a second away (`interval`, `rate_limit`). */
export function tellNextPage(recorded: ElementStep, now: Date): ElementStep {
  const { state, events } = recorded
  const [only, ...others] = state.status === 'running' ? state.open : []
  const due = only?.retryAt ?? null
  if (due === null || others.length > 0 || due.getTime() - now.getTime() <= LONG_WAIT_MS) return recorded
  const told = events.map((event) =>
    event.event_type === 'page_fetched'
      ? { ...event, context: { ...event.context, next_at: due.toISOString() } }
      : event,
  )
  return { ...recorded, events: told }
}
