import type { HttpOutcome, HttpRequest } from '../http-message'
import type { ElementPlan } from './element-plan'
import type { AttemptRecord, PageRecord } from './element-records'
import type { ElementState } from './element-state'
import type { NewEvent } from './events'

export type ElementAction =
  | { do: 'request'; page: number; attempt: number; request: HttpRequest }
  | { do: 'wait'; until: Date }
  /** Nothing to start now: answers to pages in flight must come first. Only with `inFlight`. */
  | { do: 'await' }
  | { do: 'stop' }

export type ElementStep = {
  state: ElementState
  events: NewEvent[]
  page: PageRecord | null
  attempt: AttemptRecord | null
}

/** The state before the first request. */
export function initialState(_plan: ElementPlan): ElementState {
  throw new Error('not written yet')
}

/** A failed element opened again at the page that failed; a state of any other status is returned as it is. */
export function reopenFailed(_state: ElementState): ElementState {
  throw new Error('not written yet')
}

/** What to do now. `inFlight`: pages already asked for whose outcomes aren't recorded yet. */
export function nextAction(
  _plan: ElementPlan,
  _state: ElementState,
  _now: Date,
  _inFlight: ReadonlySet<number> = new Set(),
): ElementAction {
  throw new Error('not written yet')
}

/** Takes in what one request gave. `random` is in [0, 1). Pure but for `state.seen`, which grows. */
export function recordOutcome(
  _plan: ElementPlan,
  _state: ElementState,
  _input: { page: number; outcome: HttpOutcome; now: Date; random: number },
): ElementStep {
  throw new Error('not written yet')
}
