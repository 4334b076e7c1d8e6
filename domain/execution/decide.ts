import type { Playbook, Step } from '../playbook/playbook'
import { nextLoopMove, type LoopCounts } from './loop-window'
import { readySteps } from './workflow-graph'
import type { WorkflowState } from './workflow-state'

/** What the orchestrator does next; it does one move, records it, and asks again until `rest` or `end`. */
export type Move =
  | { do: 'begin' }
  /** Starts a step that has work to do. */
  | { do: 'start'; step: Step }
  /** Hands iterations `from` … `to`-1 of a running step to the queue. */
  | { do: 'release'; step: Step; from: number; to: number }
  /** Hands out as many iterations that a retry opened again. */
  | { do: 'requeue'; step: Step; count: number }
  /** The elements have ended well enough: the sinks of the whole step are due. */
  | { do: 'close'; step: Step }
  /** Every iteration of the step has ended well enough. */
  | { do: 'complete'; step: Step }
  | { do: 'fail'; step: Step; unreleased: number }
  /** Evaluates `next` of a completed step. */
  | { do: 'route'; step: Step }
  | { do: 'end'; status: 'COMPLETED' | 'FAILED' }
  /** Nothing to do until something ends. */
  | { do: 'rest' }

/** The next move from the playbook, the recorded state and the counts of the running steps. Pure and incremental: its cost depends on neither elements nor events. */
export function nextMove(playbook: Playbook, state: WorkflowState, counts: ReadonlyMap<string, LoopCounts>): Move {
  if (!state.begun) return { do: 'begin' }
  const failing = Object.values(state.steps).includes('failed')
  for (const step of playbook.workflow) {
    const move = moveOf(step, state, counts, failing)
    if (move.do !== 'rest') return move
  }
  const ready = failing ? [] : readySteps(playbook.workflow, state)
  if (ready[0] !== undefined) return { do: 'start', step: ready[0] }
  if (Object.values(state.steps).includes('running')) return { do: 'rest' }
  return { do: 'end', status: failing ? 'FAILED' : 'COMPLETED' }
}

/** After a failure what runs may end, but nothing new is begun. */
function moveOf(step: Step, state: WorkflowState, counts: ReadonlyMap<string, LoopCounts>, failing: boolean): Move {
  const phase = state.steps[step.step]
  if (phase === 'finished' && !failing) return { do: 'route', step }
  if (phase !== 'running') return { do: 'rest' }
  const known = counts.get(step.step)
  if (known === undefined) return { do: 'rest' }
  const move = nextLoopMove(known, step.loop?.onFailure ?? 'fail')
  if (move.do === 'complete' && savesWholeLoop(step)) return closingMove(step, known.closing)
  return move.do === 'rest' ? move : { ...move, step }
}

const savesWholeLoop = ({ loop, sinks }: Step): boolean => loop !== null && sinks.some(({ per }) => per === 'step')

function closingMove(step: Step, closing: string | null): Move {
  if (closing === null) return { do: 'close', step }
  if (closing === 'COMPLETED') return { do: 'complete', step }
  return closing === 'FAILED' || closing === 'CANCELLED' ? { do: 'fail', step, unreleased: 0 } : { do: 'rest' }
}
