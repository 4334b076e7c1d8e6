import { z } from 'zod'

/** events.md, the table of events: names are exact. */
export const EVENT_TYPES = [
  'playbook_started',
  'workflow_initialized',
  'step_started',
  'step_result',
  'step_failed',
  'step_skipped',
  'action_started',
  'action_completed',
  'action_failed',
  'iterator_started',
  'iterator_completed',
  'iterator_failed',
  'iteration_started',
  'iteration_completed',
  'iteration_failed',
  'page_fetched',
  'page_retry',
  'sink_started',
  'sink_completed',
  'sink_failed',
  'expectation_checked',
  'playbook_completed',
  'playbook_failed',
  'playbook_cancelled',
  'playbook_paused',
  'playbook_resumed',
] as const

export const EVENT_STATUSES = ['STARTED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'PAUSED', 'SKIPPED'] as const

export type EventType = (typeof EVENT_TYPES)[number]
export type EventStatus = (typeof EVENT_STATUSES)[number]

/** What failed, on which page and try, and what a person can do about it. Never holds a secret. */
export const errorFactsSchema = z.object({
  kind: z.string(),
  message: z.string(),
  status: z.number().nullish(),
  page: z.number().nullish(),
  attempt: z.number().nullish(),
  /** Where in the playbook, when the playbook is at fault. */
  line: z.number().nullish(),
  column: z.number().nullish(),
  hint: z.string().nullish(),
})
export type ErrorFacts = z.infer<typeof errorFactsSchema>

/** An event before the log gave it its `event_id`, `seq` and `created_at`. */
export type NewEvent = {
  event_type: EventType
  status: EventStatus
  node_name: string | null
  iteration_index: number | null
  page: number | null
  attempt: number | null
  context: Record<string, unknown>
}

/** One row of `noetl.event` as the API, the stream and the browser see it (events.md). */
export const executionEventSchema = z.object({
  event_id: z.string(),
  execution_id: z.string(),
  seq: z.number().int(),
  event_type: z.enum(EVENT_TYPES),
  status: z.enum(EVENT_STATUSES),
  node_name: z.string().nullable(),
  iteration_index: z.number().int().nullable(),
  page: z.number().int().nullable(),
  attempt: z.number().int().nullable(),
  context: z.record(z.string(), z.unknown()),
  created_at: z.string(),
})
export type ExecutionEvent = z.infer<typeof executionEventSchema>

const TERMINAL: ReadonlySet<EventType> = new Set(['playbook_completed', 'playbook_failed', 'playbook_cancelled'])

/** True for the event after which an execution's log only grows by a retry. */
export const isTerminalEvent = (type: EventType): boolean => TERMINAL.has(type)
