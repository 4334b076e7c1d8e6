import type { ExecutionEvent } from '@/domain/execution/events'
import type { ElementView, ExecutionView } from '@/domain/execution/view'
import { elementLine } from './run-lines'

/** Why an execution goes on: after a pause, or because somebody retried it. */
const RESUMED: Readonly<Record<string, string>> = { retry: 'is retried', retry_now: 'does not wait any longer' }

/** The line a log gets for an event, or null for one that a log can do without. `view` already holds the event. */
export function eventLine(event: ExecutionEvent, view: ExecutionView): string | null {
  const element = elementOf(event, view)
  switch (event.event_type) {
    case 'playbook_paused':
      return 'paused: no new page starts'
    case 'playbook_resumed':
      return RESUMED[String(event.context['reason'])] ?? 'goes on'
    case 'iterator_started':
      return `${event.node_name}: ${String(event.context['collection_size'])} elements`
    case 'iteration_completed':
    case 'iteration_failed':
      return element === null ? null : elementLine(element)
    case 'page_retry':
      return `  ↻ ${element?.label ?? event.node_name} ${event.page === null ? 'statement' : `page ${event.page}`}: ${messageOf(event)}; next try in ${Number(event.context['delay_ms']) / 1000} s`
    case 'step_failed':
    case 'sink_failed':
      return `✗ ${event.node_name}: ${messageOf(event)}`
    case 'step_skipped':
      return `- ${event.node_name} skipped`
    case 'step_result':
      return `✓ ${event.node_name}`
    default:
      return null
  }
}

function elementOf({ node_name, iteration_index }: ExecutionEvent, view: ExecutionView): ElementView | null {
  if (iteration_index === null) return null
  return view.steps.find((step) => step.name === node_name)?.elements[iteration_index] ?? null
}

function messageOf({ context }: ExecutionEvent): string {
  const { error } = context
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : 'failed'
}
