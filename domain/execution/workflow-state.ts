import { z } from 'zod'

/**
 * How far a step is. `entered`: an edge to it was taken, other branches may still arrive. `finished`: completed, its
 * `next` not evaluated yet. A step that is not mentioned was not reached.
 */
export const STEP_PHASES = ['entered', 'running', 'finished', 'routed', 'failed', 'skipped'] as const
export type StepPhase = (typeof STEP_PHASES)[number]

/** The orchestrator's own memory, `noetl.execution.state`: as big as the workflow, whatever the number of elements. */
export const workflowStateSchema = z.object({
  begun: z.boolean().default(false),
  steps: z.record(z.string(), z.enum(STEP_PHASES)).default({}),
  /** Steps whose elements were retried after they had led on: what they led to has run and stays as it is. */
  reopened: z.array(z.string()).optional(),
  /** The `Idempotency-Key`s of the retries in it, the last one last. */
  retriedWith: z.array(z.string()).optional(),
})
export type WorkflowState = z.infer<typeof workflowStateSchema>

/** The state with one step moved on. */
export function withPhase(state: WorkflowState, step: string, phase: StepPhase): WorkflowState {
  return { ...state, steps: { ...state.steps, [step]: phase } }
}
