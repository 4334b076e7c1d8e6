import type { TestAnswer, TestStep } from '@/domain/api/playbook-test'
import { DomainError } from '@/domain/domain-error'
import type { AttemptRecord, PageRecord } from '@/domain/execution/element-records'
import type { ElementState } from '@/domain/execution/element-state'
import { warningsOf } from '@/domain/execution/view-context'
import { parseJsonBody } from '@/domain/json-body'
import { describeRequest, toJson } from '@/domain/pagination/build-request'
import { valueAt } from '@/domain/pagination/item-path'
import { parsedPath } from '@/domain/pagination/items'
import { pathText } from '@/domain/pagination/auto/clues'
import { applyPatch } from '@/domain/pagination/request-draft'
import type { Redactor } from '../secrets/redact'
import { redactStep } from '../executions/redact-step'
import { followPages, type Followed } from './follow-pages'
import { stepOnTrial, type StepOnTrial } from './step-on-trial'

const MOST_ROWS = 20
const MOST_ROW_CHARACTERS = 256 * 1024
const MOST_BODY_CHARACTERS = 64 * 1024

/** Asks for page 1 to `page` of one element and says what a run would make of the last of them; nothing is recorded. Throws DomainError. */
export async function testStep(test: TestStep, gone: AbortSignal): Promise<TestAnswer> {
  const trial = await stepOnTrial(test)
  const isEnough = ({ page, recorded }: Followed): boolean => page >= test.page && recorded.page !== null
  const { answers, waitingUntil } = await followPages(trial, { gone, isEnough })
  const last = answers.at(-1)
  if (last === undefined)
    throw new DomainError('unavailable', 'rate_limit leaves no room for a test in the next seconds.')
  const redactor = trial.hidden.redactor()
  const { page, attempt } = redactStep(last.recorded, redactor)
  return {
    element: trial.element,
    page: last.page,
    requests: answers.length,
    ...(page === null ? ofAttempt(attempt) : ofPage(page, last, redactor)),
    next: nextOf(trial, last.recorded.state, redactor),
    stop_reason: last.recorded.state.status === 'completed' ? last.recorded.state.stopReason : null,
    tries: answers.flatMap(({ recorded }) => triesOf(redactStep(recorded, redactor).attempt)),
    error: last.recorded.state.status === 'failed' ? redactor.words(last.recorded.state.error) : null,
    waiting_until: waitingUntil?.toISOString() ?? null,
  }
}

type Shown = Pick<TestAnswer, 'request' | 'response' | 'duration_ms' | 'items' | 'decision' | 'warnings'>

function ofPage(page: PageRecord, { before, recorded }: Followed, redactor: Redactor): Shown {
  const context = recorded.events.find(({ event_type: type }) => type === 'page_fetched')?.context ?? {}
  const { warnings: _warnings, ...decision } = page.next
  return {
    request: page.request,
    response: responseOf(page.status, page.responseHeaders, { text: page.body, bytes: page.bytes }),
    duration_ms: page.durationMs,
    items: {
      path: pathText(page.itemsPath) || '$',
      guessed: context['items_guessed'] === true,
      count: page.itemCount,
      received: recorded.state.progress.received - before.progress.received,
      rows: redactor.json(rowsOf(recorded.page)),
    },
    decision,
    warnings: warningsOf(page.next).map(({ kind, message }) => ({ kind, message })),
  }
}

function ofAttempt(attempt: AttemptRecord | null): Shown {
  if (attempt === null) throw new Error('an answer left neither a page nor a failed try')
  const { request, status, responseHeaders, bodyText, durationMs } = attempt
  return {
    request,
    response: status === null ? null : responseOf(status, responseHeaders ?? {}, { text: bodyText, bytes: null }),
    duration_ms: durationMs,
    items: null,
    decision: null,
    warnings: [],
  }
}

const responseOf = (
  status: number,
  headers: Record<string, string>,
  { text, bytes }: { text: string | null; bytes: number | null },
): TestAnswer['response'] => ({
  status,
  headers,
  body: text?.slice(0, MOST_BODY_CHARACTERS) ?? '',
  body_truncated: (text?.length ?? 0) > MOST_BODY_CHARACTERS,
  bytes,
})

/** The first items, as many as can be shown. */
function rowsOf(page: PageRecord | null): unknown[] {
  const reading = parseJsonBody(page?.items ?? page?.body ?? '[]')
  if (page === null || !reading.ok) return []
  const items = page.items === null ? valueAt(reading.value, parsedPath(page.itemsPath)) : reading.value
  const rows: unknown[] = []
  let room = MOST_ROW_CHARACTERS
  for (const item of [items].flat().slice(0, MOST_ROWS)) {
    const row = toJson(item)
    room -= JSON.stringify(row).length
    if (room < 0) break
    rows.push(row)
  }
  return rows
}

function nextOf({ plan }: StepOnTrial, state: ElementState, redactor: Redactor): TestAnswer['next'] {
  const open = state.status === 'running' ? state.open[0] : undefined
  if (open === undefined) return null
  return { page: open.page, request: redactor.json(describeRequest(applyPatch(plan.first, open.patch))) }
}

const triesOf = (attempt: AttemptRecord | null): TestAnswer['tries'] =>
  attempt === null
    ? []
    : [{ page: attempt.page, attempt: attempt.attempt, error: attempt.error, delay_ms: attempt.delayMs }]
