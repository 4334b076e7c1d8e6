import type { EventType, ExecutionEvent } from '@/domain/execution/events'
import { errorOf, numberOf, recordOf, textOf, warningsOf } from '@/domain/execution/view-context'
import { countOf, formatBytes, formatDuration } from '@/components/ui/format'
import type { Tone } from '@/components/ui/status'
import { stopWords } from '../stop-words'

/** A line of the event list: an event, or several of one page as one. */
export type EventLine = {
  key: string
  seq: number
  at: number
  tone: Tone
  /** Where it happened: step › element › page. */
  place: string
  text: string
  /** What it opens, when it belongs to a page. */
  page: { step: string; e: number; p: number; a: number | null } | null
  event: ExecutionEvent
}

/** One line an event. */
export const eventLines = (events: readonly ExecutionEvent[], labelOf: LabelOf): EventLine[] =>
  events.map((event) => lineOf(event, labelOf))

/** One line a page: the tries that failed before it are told in the line of the page, where it is already there. */
export function groupedLines(events: readonly ExecutionEvent[], labelOf: LabelOf): EventLine[] {
  const lines = new Map<string, EventLine>()
  const tries = new Map<string, string[]>()
  for (const event of events) {
    if (SMALL_PRINT.has(event.event_type) || isRouting(event)) continue
    const line = lineOf(event, labelOf)
    const page = line.page === null ? null : `${line.page.step}:${line.page.e}:${line.page.p}`
    if (page === null) {
      lines.set(line.key, line)
      continue
    }
    const before = tries.get(page) ?? []
    if (event.event_type === 'page_retry')
      tries.set(page, [...before, String(errorOf(event.context)?.status ?? errorOf(event.context)?.kind ?? 'failed')])
    if (event.event_type === 'page_fetched' && before.length > 0)
      line.text += ` · after ${countOf(before.length, 'retry', 'retries')} (${before.join(', ')})`
    lines.delete(page)
    lines.set(page, { ...line, key: page })
  }
  return [...lines.values()]
}

/** What only repeats, in other words, what stands beside it. */
const SMALL_PRINT: ReadonlySet<EventType> = new Set([
  'action_started',
  'action_completed',
  'sink_started',
  'step_result',
  'workflow_initialized',
])

/** A step without a tool only leads on; its start and end say nothing. */
const isRouting = ({ event_type: type, context }: ExecutionEvent): boolean =>
  type === 'step_started' && textOf(context, 'tool') === null

/** What an element is called; the step's own name when several steps have elements. */
type LabelOf = (step: string, index: number) => string

function lineOf(event: ExecutionEvent, labelOf: LabelOf): EventLine {
  const { node_name: step, iteration_index: e, page: p, attempt: a } = event
  const isStatement = event.event_type === 'page_retry' && p === null
  const place =
    step !== null && e !== null
      ? [labelOf(step, e), isStatement ? 'statement' : null, p === null ? null : `p${p}`]
      : [step ?? (event.event_type === 'expectation_checked' ? 'expectation' : 'run')]
  return {
    key: String(event.seq),
    seq: event.seq,
    at: Date.parse(event.created_at),
    tone: toneOf(event),
    place: place.filter((part) => part !== null).join(' › '),
    text: textFor(event),
    page:
      step !== null && e !== null && p !== null
        ? { step, e, p, a: event.event_type === 'page_retry' ? a : null }
        : null,
    event,
  }
}

function toneOf({ event_type: type, status, context }: ExecutionEvent): Tone {
  if (type === 'page_retry') return 'retry'
  if (type === 'expectation_checked') return context['passed'] === true ? 'done' : 'failed'
  if (type.endsWith('_failed')) return 'failed'
  if (type.endsWith('_cancelled') || status === 'CANCELLED') return 'cancelled'
  if (type.endsWith('_skipped') || status === 'SKIPPED') return 'skipped'
  if (type.endsWith('_paused')) return 'paused'
  if (type.endsWith('_started') || type.endsWith('_resumed')) return 'running'
  return 'done'
}

function textFor({ event_type: type, context, attempt }: ExecutionEvent): string {
  const stats = recordOf(context['stats']) ?? context
  switch (type) {
    case 'page_fetched':
      return [
        numberOf(context, 'http_status'),
        countOf(numberOf(context, 'items') ?? 0, 'item'),
        formatDuration(numberOf(context, 'duration_ms') ?? 0),
        formatBytes(numberOf(context, 'bytes') ?? 0),
      ]
        .filter((part) => part !== null)
        .join(' · ')
    case 'page_retry': {
      const error = errorOf(context)
      return `${error?.message ?? 'failed'} · try ${(attempt ?? 0) + 1} in ${formatDuration(numberOf(context, 'delay_ms') ?? 0)}${why(textOf(context, 'reason'))}`
    }
    case 'iterator_started':
      return `${countOf(numberOf(context, 'collection_size') ?? 0, 'element')}, ${textOf(context, 'mode') ?? 'sequential'}`
    case 'iteration_completed':
      return `completed · ${sum(context)}${stopped(textOf(context, 'stop_reason'))}${warned(context)}`
    case 'sink_completed':
      return `${countOf(numberOf(context, 'rows') ?? 0, 'row')} into ${textOf(context, 'table') ?? 'the table'}`
    case 'step_skipped':
      return [words(type), textOf(context, 'reason')].filter((part) => part !== null).join(' · ')
    case 'expectation_checked':
      return `${textOf(context, 'name') ?? ''}: ${context['passed'] === true ? 'met' : 'not met'}`
    case 'iterator_completed':
    case 'playbook_completed':
      return `${words(type)}${sum(stats) === '' ? '' : ` · ${sum(stats)}`}`
    case 'playbook_resumed':
      return resumedWords(context)
    case 'playbook_cancelled':
      return `${words(type)} · ${countOf(numberOf(context, 'cancelled') ?? 0, 'element')} given up`
    default: {
      const error = errorOf(context)
      return error === null ? words(type) : `${words(type)} · ${error.message}`
    }
  }
}

function resumedWords(context: Record<string, unknown>): string {
  const elements = countOf(numberOf(context, 'elements') ?? 0, 'element')
  if (context['reason'] === 'retry_now') return `${elements} told not to wait any longer`
  if (context['reason'] !== 'retry') return words('playbook_resumed')
  const page = numberOf(context, 'page')
  return page === null ? `retry of ${elements}, from the failed pages on` : `page ${page} is fetched again`
}

const words = (text: string): string => text.replaceAll('_', ' ')
const why = (reason: string | null): string => (reason === null ? '' : ` (${reason})`)

const stopped = (reason: string | null): string => (reason === null ? '' : ` · stopped: ${stopWords(reason)}`)

const warned = (context: Record<string, unknown>): string =>
  warningsOf(context)
    .map(({ message }) => ` · ⚠ ${message}`)
    .join('')

function sum(context: Record<string, unknown>): string {
  const pages = numberOf(context, 'pages')
  const items = numberOf(context, 'items')
  return [pages === null ? null : countOf(pages, 'page'), items === null ? null : countOf(items, 'item')]
    .filter((part) => part !== null)
    .join(' · ')
}
