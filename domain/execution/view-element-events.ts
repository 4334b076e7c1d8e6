import type { ErrorFacts, ExecutionEvent } from './events'
import type { ElementView, StepView } from './view'
import { errorOf, labelOf, numberOf, recordOf, textOf, warningsOf } from './view-context'
import { moveElement, writableElement, writablePage, type Draft } from './view-draft'

/** An element begins, or begins again when a retry continues it from its failed page. */
export function startElement(draft: Draft, step: StepView, event: ExecutionEvent, at: number): void {
  const { context } = event
  const index = event.iteration_index ?? 0
  const element = writableElement(draft, step, index)
  element.label =
    textOf(context, 'label') ?? (context['element'] === undefined ? element.label : labelOf(context['element'], index))
  if (element.status === 'COMPLETED') return
  moveElement(draft, element, 'RUNNING')
  element.startedAt ??= at
  element.endedAt = null
  element.error = null
}

/** A page was saved. */
export function recordPage(draft: Draft, step: StepView, event: ExecutionEvent, at: number): void {
  const { context } = event
  const durationMs = numberOf(context, 'duration_ms') ?? 0
  const startedAt = startOf(context, at, durationMs)
  const element = writableElement(draft, step, event.iteration_index ?? 0)
  const page = writablePage(draft, element, event.page ?? 1, startedAt)
  const replaced = page.status === 'ok' ? recordOf(context['replaces']) : null
  if (page.status === 'ok' && replaced === null) return
  page.status = 'ok'
  page.endedAt = startedAt + durationMs
  page.durationMs = durationMs
  page.waitedMs = numberOf(context, 'waited_ms') ?? 0
  page.httpStatus = numberOf(context, 'http_status')
  page.items = numberOf(context, 'items') ?? 0
  page.bytes = numberOf(context, 'bytes') ?? 0
  page.more = hasMore(context['next'])
  const gone = replaced === null ? numberOf(context, 'replaced_items') : numberOf(replaced, 'items')
  const added = page.items - (gone ?? 0)
  element.items += added
  const nextAt = Date.parse(textOf(context, 'next_at') ?? '')
  element.nextAttemptAt = Number.isNaN(nextAt) ? null : nextAt
  element.startedAt ??= startedAt
  const status = element.nextAttemptAt === null ? 'RUNNING' : 'WAITING'
  if (element.status !== status && element.endedAt === null) moveElement(draft, element, status)
  step.items += added
  draft.view.stats.items += added
  if (replaced !== null) return
  step.pages += 1
  draft.view.stats.pages += 1
}

/** A try of a page, or of a statement, failed: another one follows, or the page is left out as the playbook wishes. */
export function recordRetry(draft: Draft, step: StepView, event: ExecutionEvent, at: number): void {
  const { context } = event
  const durationMs = numberOf(context, 'duration_ms') ?? 0
  const startedAt = startOf(context, at, durationMs)
  const delayMs = numberOf(context, 'delay_ms')
  const isLeftOut = event.status === 'SKIPPED'
  const element = writableElement(draft, step, event.iteration_index ?? 0)
  const page = event.page === null ? null : writablePage(draft, element, event.page, startedAt)
  const tries = page === null ? element.tries : page.attempts
  tries.push({
    attempt: event.attempt ?? tries.length + 1,
    startedAt,
    endedAt: startedAt + durationMs,
    error: errorOf(context) ?? { kind: 'error', message: 'The try failed.' },
    delayMs,
    why: textOf(context, 'reason'),
  })
  element.startedAt ??= startedAt
  if (page !== null && page.status !== 'ok') page.status = isLeftOut ? 'failed' : 'waiting'
  if (isLeftOut) {
    if (page !== null) page.endedAt = startedAt + durationMs
    return
  }
  element.retries += 1
  element.nextAttemptAt = startedAt + durationMs + (delayMs ?? 0)
  if (element.endedAt === null) moveElement(draft, element, 'WAITING')
  step.retries += 1
  draft.view.stats.retries += 1
}

/** An element came to its end; a failed one names the page and the try that ended it. */
export function endElement(
  draft: Draft,
  step: StepView,
  event: ExecutionEvent,
  at: number,
  status: 'COMPLETED' | 'FAILED' | 'CANCELLED',
): void {
  const { context } = event
  const element = writableElement(draft, step, event.iteration_index ?? 0)
  moveElement(draft, element, event.status === 'SKIPPED' ? 'SKIPPED' : status)
  draft.view.stats.warnings -= element.warnings.length
  element.warnings = warningsOf(context)
  draft.view.stats.warnings += element.warnings.length
  element.stopReason = textOf(context, 'stop_reason')
  element.nextAttemptAt = null
  element.startedAt ??= at
  element.endedAt = at
  element.error = status === 'FAILED' ? errorOf(context) : null
  const failedPage = element.error?.page
  if (element.error === null) return
  if (typeof failedPage !== 'number') return endTries(element, element.error, at)
  const page = writablePage(draft, element, failedPage, element.pages.at(-1)?.endedAt ?? element.startedAt)
  if (page.status === 'ok') return
  page.status = 'failed'
  page.httpStatus = element.error.status ?? null
  page.endedAt = at
  const attempt = element.error.attempt ?? page.attempts.length + 1
  if (page.attempts.some((known) => known.attempt === attempt)) return
  const startedAt = lastTryStart(page.attempts.at(-1), page.startedAt)
  page.attempts.push({
    attempt,
    startedAt: Math.min(startedAt, at),
    endedAt: at,
    error: element.error,
    delayMs: null,
    why: null,
  })
}

/** The try that ended a statement that had been tried before. */
function endTries(element: ElementView, error: ErrorFacts, at: number): void {
  const before = element.tries.at(-1)
  const { attempt } = error
  if (before === undefined || typeof attempt !== 'number' || attempt <= before.attempt) return
  const startedAt = Math.min(lastTryStart(before, at), at)
  element.tries.push({ attempt, startedAt, endedAt: at, error, delayMs: null, why: null })
}

/** A decision holds the next request, or the reason why there is none. */
function hasMore(next: unknown): boolean | null {
  const decision = recordOf(next)
  return decision === null ? null : 'request' in decision
}

/** The writer may say when the request went out; otherwise it went out as long before the commit as it took. */
function startOf(context: Record<string, unknown>, at: number, durationMs: number): number {
  const stated = Date.parse(textOf(context, 'started_at') ?? '')
  return Number.isNaN(stated) ? at - durationMs : stated
}

const lastTryStart = (previous: { endedAt: number; delayMs: number | null } | undefined, pageStart: number): number =>
  previous === undefined ? pageStart : previous.endedAt + (previous.delayMs ?? 0)
