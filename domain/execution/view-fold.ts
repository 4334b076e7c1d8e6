import type { ExecutionEvent } from './events'
import { isSettled, type ElementStatus, type ExecutionView, type StepStatus, type StepView } from './view'
import { errorOf, labelOf, numberOf, recordOf, textOf } from './view-context'
import {
  draftOf,
  growElements,
  moveElement,
  moveUnbegun,
  writableElement,
  writableStep,
  type Draft,
} from './view-draft'
import { endWaits, reopenElements } from './view-reopen'
import { endElement, recordPage, recordRetry, startElement } from './view-element-events'

/** The view after one more event. An event that was applied before changes nothing. */
export function applyEvent(view: ExecutionView, event: ExecutionEvent): ExecutionView {
  return applyEvents(view, [event])
}

/**
 * The view after a batch of events in seq order; what did not change keeps its identity. It stops before a gap in
 * `seq`, so a `seq` of the result below that of the last event means that events are missing.
 */
export function applyEvents(view: ExecutionView, events: readonly ExecutionEvent[]): ExecutionView {
  const fresh = events.filter((event) => event.seq > view.seq)
  if (fresh[0]?.seq !== view.seq + 1) return view
  const draft = draftOf(view)
  for (const event of fresh) {
    if (event.seq !== draft.view.seq + 1) break
    apply(draft, event, Date.parse(event.created_at))
    draft.view.seq = event.seq
  }
  return draft.view
}

function apply(draft: Draft, event: ExecutionEvent, at: number): void {
  const { view } = draft
  const { context } = event
  view.updatedAt = at
  if (isSettled(view.status) && !REOPENS.has(event.event_type)) return
  switch (event.event_type) {
    case 'playbook_started':
      view.status = 'RUNNING'
      view.path = textOf(context, 'path') ?? view.path
      view.version = numberOf(context, 'version')
      view.workload = context['workload'] ?? null
      view.trigger = context['trigger'] ?? null
      view.startedAt = at
      return
    case 'workflow_initialized':
      return listSteps(draft, context['steps'])
    case 'playbook_paused':
      view.status = 'PAUSED'
      return
    case 'playbook_resumed':
      view.status = 'RUNNING'
      view.endedAt = null
      view.error = null
      return context['reason'] === 'retry_now' ? endWaits(draft, context) : reopenElements(draft, context)
    case 'playbook_completed':
    case 'playbook_failed':
      view.status = event.event_type === 'playbook_completed' ? 'COMPLETED' : 'FAILED'
      view.error = errorOf(context)
      view.endedAt = at
      // After a fault of ours steps may be under way still: they end with it.
      return cancelWhatMoves(draft, at)
    case 'playbook_cancelled':
      view.status = 'CANCELLED'
      view.error = errorOf(context)
      view.endedAt = at
      return cancelWhatMoves(draft, at)
    case 'expectation_checked':
      return checkExpectation(view, event)
    default:
      if (event.node_name !== null) applyToStep(draft, writableStep(draft, event.node_name), event, at)
  }
}

/** A retry is the one thing that may follow a terminal event. */
const REOPENS: ReadonlySet<string> = new Set(['playbook_resumed', 'playbook_started'])

function applyToStep(draft: Draft, step: StepView, event: ExecutionEvent, at: number): void {
  const { context } = event
  step.tool = textOf(context, 'tool') ?? step.tool
  switch (event.event_type) {
    case 'step_started':
    case 'action_started':
      step.status = 'RUNNING'
      step.startedAt ??= at
      step.endedAt = null
      step.error = null
      return
    case 'iterator_started':
      return startIterator(draft, step, event)
    case 'iteration_started':
      return startElement(draft, step, event, at)
    case 'iteration_completed':
      return endElement(draft, step, event, at, 'COMPLETED')
    case 'iteration_failed':
      return endElement(draft, step, event, at, event.status === 'CANCELLED' ? 'CANCELLED' : 'FAILED')
    case 'page_fetched':
      return recordPage(draft, step, event, at)
    case 'page_retry':
      return recordRetry(draft, step, event, at)
    case 'action_completed':
      if (speaksForElement(step)) endElement(draft, step, event, at, 'COMPLETED')
      return
    case 'action_failed':
      step.error = errorOf(context) ?? step.error
      if (speaksForElement(step)) endElement(draft, step, event, at, 'FAILED')
      return
    case 'step_result':
      return endStep(step, 'COMPLETED', at)
    case 'step_failed':
    case 'iterator_failed':
      step.error = errorOf(context) ?? step.error
      moveUnbegun(draft, step, 'SKIPPED')
      return endStep(step, 'FAILED', at)
    case 'step_skipped':
      if (context['left_out'] === true) moveUnbegun(draft, step, 'SKIPPED')
      return endStep(step, 'SKIPPED', at)
    case 'sink_started':
    case 'sink_completed':
    case 'sink_failed':
      return recordSink(draft, step, event)
    default:
  }
}

/** Without a loop the first thing told of an element may be its end: that it failed, or stopped at a page 1 that did. */
const speaksForElement = ({ iterator, elements, tool }: StepView): boolean =>
  iterator === null && (elements.length > 0 || tool === 'http')

function endStep(step: StepView, status: StepStatus, at: number): void {
  step.status = status
  step.endedAt = at
}

function listSteps(draft: Draft, steps: unknown): void {
  if (!Array.isArray(steps)) return
  for (const entry of steps) {
    const record = recordOf(entry)
    const name = typeof entry === 'string' ? entry : record && (textOf(record, 'step') ?? textOf(record, 'name'))
    if (!name) continue
    const step = writableStep(draft, name)
    step.tool = record ? textOf(record, 'tool') : step.tool
  }
}

function startIterator(draft: Draft, step: StepView, { context }: ExecutionEvent): void {
  const collection = Array.isArray(context['collection']) ? context['collection'] : []
  const size = numberOf(context, 'collection_size') ?? collection.length
  step.iterator = {
    name: textOf(context, 'iterator_name') ?? '',
    mode: textOf(context, 'mode') ?? 'sequential',
    concurrency: numberOf(context, 'concurrency'),
    totalCount: numberOf(context, 'total_count') ?? size,
    collectionSize: size,
    labels: collection.map(labelOf),
  }
  growElements(draft, step, size)
}

function recordSink(draft: Draft, step: StepView, event: ExecutionEvent): void {
  const { context, iteration_index: index } = event
  const holder = index === null ? step : writableElement(draft, step, index)
  const table = textOf(context, 'table') ?? holder.sink?.table ?? null
  switch (event.event_type) {
    case 'sink_completed':
      holder.sink = {
        status: 'COMPLETED',
        table,
        rows: (holder.sink?.rows ?? 0) + (numberOf(context, 'rows') ?? 0),
        error: null,
      }
      return
    case 'sink_failed':
      holder.sink = { status: 'FAILED', table, rows: holder.sink?.rows ?? 0, error: errorOf(context) }
      return
    default:
      holder.sink = { status: 'RUNNING', table, rows: holder.sink?.rows ?? 0, error: null }
  }
}

function checkExpectation(view: ExecutionView, { context }: ExecutionEvent): void {
  const checked = {
    name: textOf(context, 'name') ?? '',
    passed: context['passed'] === true,
    actual: context['actual'] ?? null,
    message: textOf(context, 'message') ?? errorOf(context)?.message ?? null,
  }
  const at = view.expectations.findIndex((known) => known.name === checked.name)
  view.expectations[at === -1 ? view.expectations.length : at] = checked
}

/** One that waits for its turn again may have been opened by a retry. */
const MOVES: ReadonlySet<ElementStatus> = new Set(['PENDING', 'RUNNING', 'WAITING'])

function cancelWhatMoves(draft: Draft, at: number): void {
  for (const { name, status } of draft.view.steps.slice()) {
    const isLeftOut = status === 'PENDING' && draft.view.status !== 'COMPLETED'
    if (status !== 'RUNNING' && !isLeftOut) continue
    const step = writableStep(draft, name)
    if (step.unbegun === 'PENDING') moveUnbegun(draft, step, 'CANCELLED')
    for (const known of step.elements) {
      if (known === null || !MOVES.has(known.status)) continue
      const element = writableElement(draft, step, known.index)
      moveElement(draft, element, 'CANCELLED')
      element.nextAttemptAt = null
      element.endedAt = at
    }
    endStep(step, 'CANCELLED', at)
  }
}
