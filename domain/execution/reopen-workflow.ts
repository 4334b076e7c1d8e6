import type { WorkflowState } from './workflow-state'

/** A step as it stands when its execution has ended. `reopened`: iterations of it are tried again. */
export type EndedStep = { step: string; status: string; prepared: boolean; reopened: boolean }

/**
 * The orchestrator's memory after a retry. What is tried again runs; with `everything`, a step that failed before its
 * work, or while leading on, is begun there again. What lies behind a step that had led on already stays as it ran.
 */
export function reopenWorkflow(state: WorkflowState, steps: readonly EndedStep[], everything: boolean): WorkflowState {
  const phases = { ...state.steps }
  const reopened = new Set(state.reopened)
  for (const { step, status, prepared, reopened: isReopened } of steps) {
    const phase = phases[step]
    if (isReopened) {
      if (phase === 'routed') reopened.add(step)
      phases[step] = 'running'
    } else if (everything && phase === 'failed') {
      if (!prepared) phases[step] = 'entered'
      else phases[step] = status === 'COMPLETED' ? 'finished' : 'running'
    }
  }
  return { ...state, steps: phases, ...(reopened.size > 0 && { reopened: [...reopened] }) }
}
