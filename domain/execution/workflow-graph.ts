import type { NextEntry, Step } from '../playbook/playbook'
import type { StepPhase, WorkflowState } from './workflow-state'

/**
 * The entries of `next` that are taken: each one whose `when` holds (or that has none), the `else` entries if none did.
 * `holds` is asked once for each `when`, in order.
 */
export function takenEntries(next: readonly NextEntry[], holds: (when: string) => boolean): NextEntry[] {
  const taken = next.filter((entry) => !entry.else && (entry.when === null || holds(entry.when)))
  return taken.length > 0 ? taken : next.filter((entry) => entry.else)
}

/** Entered steps that no other branch can reach any more, in the order of the playbook: a join runs once, after all of them. */
export function readySteps(workflow: readonly Step[], state: WorkflowState): Step[] {
  const entered = workflow.filter((step) => state.steps[step.step] === 'entered')
  const ready = entered.filter((step) => !isStillReachable(workflow, state, step.step))
  // Branches that wait for each other in a circle would wait for ever: the first of them goes.
  const nothingElseMoves = !Object.values(state.steps).some((phase) => phase === 'running' || phase === 'finished')
  return ready.length === 0 && nothingElseMoves ? entered.slice(0, 1) : ready
}

/** Steps nobody can reach any more and nobody has reached. */
export function unreachableSteps(workflow: readonly Step[], state: WorkflowState): Step[] {
  const reachable = reachableFrom(workflow, activeSteps(state))
  return workflow.filter((step) => state.steps[step.step] === undefined && !reachable.has(step.step))
}

const ACTIVE: ReadonlySet<StepPhase> = new Set<StepPhase>(['entered', 'running', 'finished'])

const activeSteps = (state: WorkflowState): string[] =>
  Object.entries(state.steps)
    .filter(([, phase]) => ACTIVE.has(phase))
    .map(([step]) => step)

function isStillReachable(workflow: readonly Step[], state: WorkflowState, target: string): boolean {
  const others = activeSteps(state).filter((step) => step !== target)
  return reachableFrom(workflow, others).has(target)
}

/** What lies behind the given steps, themselves left out unless a circle leads back. Only steps not yet routed lead on. */
function reachableFrom(workflow: readonly Step[], from: readonly string[]): Set<string> {
  const edges = new Map(workflow.map((step) => [step.step, step.next.map((entry) => entry.step)]))
  const seen = new Set<string>()
  const open = [...from]
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    for (const next of edges.get(step) ?? []) {
      if (seen.has(next)) continue
      seen.add(next)
      open.push(next)
    }
  }
  return seen
}
