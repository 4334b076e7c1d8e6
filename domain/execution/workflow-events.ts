import type { HttpStep, Loop, Playbook, PostgresStep, Step } from '../playbook/playbook'
import type { ErrorFacts, EventStatus, EventType, NewEvent } from './events'
import { listElements } from './list-elements'
import type { WorkflowState } from './workflow-state'

/** What a step's iterations amount to. */
export type StepStats = {
  total: number
  success: number
  failed: number
  skipped: number
  pages: number
  items: number
}

/** An event of the whole execution. */
export const executionEvent = (
  event_type: EventType,
  status: EventStatus,
  context: Record<string, unknown>,
): NewEvent => ({ event_type, status, node_name: null, iteration_index: null, page: null, attempt: null, context })

/** An event of one step. */
export const stepEvent = (
  event_type: EventType,
  status: EventStatus,
  step: string,
  context: Record<string, unknown>,
): NewEvent => ({ ...executionEvent(event_type, status, context), node_name: step })

/** An event of one iteration. */
export const iterationEvent = (
  event_type: EventType,
  status: EventStatus,
  at: { step: string; index: number },
  context: Record<string, unknown>,
): NewEvent => ({ ...stepEvent(event_type, status, at.step, context), iteration_index: at.index })

/** `workflow_initialized`: the steps in the order of the playbook. */
export const workflowInitialized = (playbook: Playbook): NewEvent =>
  executionEvent('workflow_initialized', 'COMPLETED', {
    steps: playbook.workflow.map(({ step, tool }) => ({ step, tool })),
  })

/** `iterator_started`; a long collection is cut to its first elements, a large element to its beginning, and it says so. `elements` hold no secret. */
export function iteratorStarted(
  step: Step & { loop: Loop },
  collection: { totalCount: number; elements: readonly unknown[]; concurrency: number },
): NewEvent {
  const { totalCount, elements, concurrency } = collection
  const { listed, note } = listElements(elements)
  return stepEvent('iterator_started', 'RUNNING', step.step, {
    total_count: totalCount,
    collection_size: elements.length,
    mode: step.loop.mode,
    iterator_name: step.loop.element,
    concurrency,
    collection: listed,
    ...(note !== null && { collection_note: note }),
    nested_task: nestedTask(step),
  })
}

const nestedTask = (step: Step): Record<string, unknown> =>
  hasWrittenRetry(step) ? { tool: step.tool, ...step.written } : { tool: step.tool }

const hasWrittenRetry = (step: Step): step is HttpStep | PostgresStep =>
  step.tool === 'http' || step.tool === 'postgres'

/** A step that no branch leads to. */
export const stepSkipped = ({ step, tool }: Step): NewEvent =>
  stepEvent('step_skipped', 'SKIPPED', step, { tool, reason: 'no branch led here' })

/** The steps that a failed run never began; a retry may begin them. */
export const stepsLeftOut = (workflow: readonly Step[], { steps }: WorkflowState): NewEvent[] =>
  workflow
    .filter(({ step }) => steps[step] === undefined || steps[step] === 'entered')
    .map(({ step, tool }) =>
      stepEvent('step_skipped', 'SKIPPED', step, { tool, reason: 'the run failed before', left_out: true }),
    )

/** The end of a step that did what it should, iterator first. */
export function stepCompleted(step: Step, stats: StepStats, facts: Record<string, unknown>): NewEvent[] {
  const ends: NewEvent[] = []
  if (step.loop !== null) {
    const note = stats.total === 0 ? { note: 'the collection is empty' } : {}
    ends.push(stepEvent('iterator_completed', 'COMPLETED', step.step, { stats, ...note }))
  }
  if (step.tool !== null) {
    ends.push(stepEvent('action_completed', 'COMPLETED', step.step, { tool: step.tool, stats, ...facts }))
  }
  return [
    ...ends,
    stepEvent('step_result', 'COMPLETED', step.step, { tool: step.tool, ...(step.tool !== null && { stats }) }),
  ]
}

/**
 * The end of a step that failed. `acted` false: it failed before its action began (a bad collection, an unknown secret).
 * `facts`: what is told of the only element of a step without a loop.
 */
export function stepFailed(
  step: Step,
  error: ErrorFacts,
  ended: { acted: boolean; stats?: StepStats; durationMs?: number; facts?: Record<string, unknown> },
): NewEvent[] {
  const { acted, stats, durationMs, facts } = ended
  const context = {
    tool: step.tool,
    error,
    ...(stats && { stats }),
    ...(durationMs !== undefined && { duration_ms: durationMs }),
  }
  const ends: NewEvent[] = []
  if (acted && step.loop !== null) ends.push(stepEvent('iterator_failed', 'FAILED', step.step, context))
  if (acted) ends.push(stepEvent('action_failed', 'FAILED', step.step, { ...context, ...facts }))
  return [...ends, stepEvent('step_failed', 'FAILED', step.step, context)]
}
