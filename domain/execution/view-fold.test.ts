import { describe, expect, it } from 'vitest'
import type { EventStatus, EventType, ExecutionEvent } from './events'
import { elementAt, emptyView, type ExecutionView } from './view'
import { applyEvent, applyEvents } from './view-fold'

const START = Date.parse('2026-01-01T00:00:00.000Z')

type Fact = Partial<Pick<ExecutionEvent, 'status' | 'node_name' | 'iteration_index' | 'page' | 'attempt' | 'context'>>

/** Writes a log: each event one second after the one before. */
function log(...facts: [EventType, Fact?][]): ExecutionEvent[] {
  return facts.map(([event_type, fact], index) => ({
    event_id: String(index + 100),
    execution_id: '1',
    seq: index + 1,
    event_type,
    status: fact?.status ?? statusOf(event_type),
    node_name: fact?.node_name ?? (event_type.startsWith('playbook') ? null : 'fetch'),
    iteration_index: fact?.iteration_index ?? null,
    page: fact?.page ?? null,
    attempt: fact?.attempt ?? null,
    context: fact?.context ?? {},
    created_at: new Date(START + index * 1000).toISOString(),
  }))
}

const statusOf = (type: EventType): EventStatus => (type.endsWith('_failed') ? 'FAILED' : 'COMPLETED')
const fold = (events: ExecutionEvent[]): ExecutionView => applyEvents(emptyView('1'), events)

const page = (index: number, number: number, more: boolean): [EventType, Fact] => [
  'page_fetched',
  {
    iteration_index: index,
    page: number,
    context: {
      http_status: 200,
      items: 10,
      bytes: 900,
      duration_ms: 200,
      next: more ? { request: { params: {} } } : { stop_reason: 'no_next' },
    },
  },
]

/** The first element of the only step that has any. */
const firstOf = (view: ExecutionView): unknown => view.steps.find(({ elements }) => elements.length > 0)?.elements[0]

/** A page of the first element, after `seq` events. */
const fetched = (context: Record<string, unknown>, number: number, seq: number): ExecutionEvent => {
  const [event] = log(['page_fetched', { iteration_index: 0, page: number, context }])
  if (event === undefined) throw new Error('no event')
  return { ...event, seq: seq + 1 }
}

const TWO_ENDPOINTS = log(
  ['playbook_started', { context: { path: 'tests/two', version: 3, workload: { a: 1 } } }],
  ['workflow_initialized', { context: { steps: [{ step: 'start' }, { step: 'fetch', tool: 'http' }, 'end'] } }],
  ['step_started', { context: { tool: 'http' } }],
  ['action_started', { context: { tool: 'http' } }],
  [
    'iterator_started',
    {
      context: {
        total_count: 2,
        collection_size: 2,
        mode: 'sequential',
        iterator_name: 'endpoint',
        collection: [{ name: 'assessments' }, { name: 'users' }],
      },
    },
  ],
  ['iteration_started', { iteration_index: 0, context: { element: { name: 'assessments' } } }],
  page(0, 1, true),
  [
    'page_retry',
    {
      iteration_index: 0,
      page: 2,
      attempt: 1,
      context: {
        error: { kind: 'http_error', status: 429, message: 'Too Many Requests' },
        delay_ms: 2000,
        duration_ms: 50,
        reason: 'Retry-After: 2',
      },
    },
  ],
  page(0, 2, false),
  [
    'iteration_completed',
    {
      iteration_index: 0,
      context: { stop_reason: 'has_more', warnings: [{ kind: 'short_page', message: 'short', page: 2 }] },
    },
  ],
  ['iteration_started', { iteration_index: 1, context: { element: { name: 'users' } } }],
  page(1, 1, false),
  ['sink_started', { iteration_index: 1, context: { table: 'results' } }],
  ['sink_completed', { iteration_index: 1, context: { table: 'results', rows: 1 } }],
  ['iteration_completed', { iteration_index: 1, context: { stop_reason: 'has_more' } }],
  ['iterator_completed', {}],
  ['action_completed', {}],
  ['step_result', {}],
  ['expectation_checked', { context: { name: '30 items', passed: true, actual: 30 } }],
  ['playbook_completed', {}],
)

describe('applyEvents', () => {
  it('folds a whole run into steps, elements, pages and counts', () => {
    const view = fold(TWO_ENDPOINTS)
    expect(view).toMatchObject({
      path: 'tests/two',
      version: 3,
      status: 'COMPLETED',
      seq: 20,
      startedAt: START,
      endedAt: START + 19_000,
      stats: { elements: 2, running: 0, completed: 2, failed: 0, pages: 3, items: 30, retries: 1, warnings: 1 },
      expectations: [{ name: '30 items', passed: true, actual: 30 }],
    })
    expect(view.steps.map(({ name, tool, status }) => [name, tool, status])).toEqual([
      ['start', null, 'PENDING'],
      ['fetch', 'http', 'COMPLETED'],
      ['end', null, 'PENDING'],
    ])
    expect(view.steps[1]?.elements[1]).toMatchObject({
      label: 'users',
      status: 'COMPLETED',
      stopReason: 'has_more',
      sink: { status: 'COMPLETED', table: 'results', rows: 1 },
    })
  })

  it('names an element that has not started from the collection', () => {
    const step = fold(TWO_ENDPOINTS.slice(0, 6)).steps[1]
    expect(step && elementAt(step, 1)).toMatchObject({ label: 'users', status: 'PENDING' })
  })

  it('gives the same view for every way of cutting the log into batches', () => {
    const whole = JSON.stringify(fold(TWO_ENDPOINTS))
    for (let cut = 0; cut <= TWO_ENDPOINTS.length; cut += 1) {
      const before = fold(TWO_ENDPOINTS.slice(0, cut))
      expect(JSON.stringify(applyEvents(before, TWO_ENDPOINTS.slice(cut)))).toBe(whole)
    }
  })

  it('survives a trip through JSON in the middle of a run', () => {
    const restored: ExecutionView = JSON.parse(JSON.stringify(fold(TWO_ENDPOINTS.slice(0, 8))))
    expect(applyEvents(restored, TWO_ENDPOINTS.slice(8))).toEqual(fold(TWO_ENDPOINTS))
  })

  it('changes nothing when an event is applied again', () => {
    const view = fold(TWO_ENDPOINTS)
    for (const event of TWO_ENDPOINTS) expect(applyEvent(view, event)).toBe(view)
  })

  it('stops before a gap in seq', () => {
    const [first, second, , fourth] = TWO_ENDPOINTS
    expect(fold([first, second, fourth].filter((event) => event !== undefined)).seq).toBe(2)
  })

  it('leaves the earlier view as it was and keeps what did not change', () => {
    const before = fold(TWO_ENDPOINTS.slice(0, 11))
    const frozen = JSON.stringify(before)
    const after = applyEvents(before, TWO_ENDPOINTS.slice(11))
    expect(JSON.stringify(before)).toBe(frozen)
    expect(after.steps[1]?.elements[0]).toBe(before.steps[1]?.elements[0])
    expect(after.steps[1]?.elements[1]).not.toBe(before.steps[1]?.elements[1])
  })

  it('shows a failed try as an attempt and the wait until the next one', () => {
    const element = fold(TWO_ENDPOINTS.slice(0, 8)).steps[1]?.elements[0]
    expect(element).toMatchObject({ status: 'WAITING', retries: 1, nextAttemptAt: START + 9000 })
    expect(element?.pages[1]).toMatchObject({
      page: 2,
      status: 'waiting',
      attempts: [{ attempt: 1, endedAt: START + 7000, delayMs: 2000, why: 'Retry-After: 2', error: { status: 429 } }],
    })
  })

  it('shows the page and try that ended a failed element', () => {
    const view = fold([
      ...TWO_ENDPOINTS.slice(0, 8),
      ...log(...TWO_ENDPOINTS.slice(0, 8).map((): [EventType] => ['playbook_paused']), [
        'iteration_failed',
        {
          iteration_index: 0,
          context: { error: { kind: 'retry_exhausted', status: 503, message: 'no luck', page: 2, attempt: 2 } },
        },
      ]).slice(8),
    ])
    const element = view.steps[1]?.elements[0]
    expect(view.stats).toMatchObject({ failed: 1, waiting: 0, running: 0 })
    expect(element).toMatchObject({ status: 'FAILED', error: { kind: 'retry_exhausted' } })
    expect(element?.pages[1]).toMatchObject({ status: 'failed', httpStatus: 503 })
    expect(element?.pages[1]?.attempts.map(({ attempt }) => attempt)).toEqual([1, 2])
  })

  it('does not let a late event undo a terminal status', () => {
    const late = log(...TWO_ENDPOINTS.map((): [EventType] => ['step_result']), page(1, 2, true)).slice(-1)
    const view = applyEvents(fold(TWO_ENDPOINTS), late)
    expect(view).toMatchObject({ status: 'COMPLETED', seq: 21, stats: { pages: 3 } })
  })

  it('goes on after a retry of a failed run', () => {
    const view = fold(
      log(
        ['playbook_started'],
        ['iterator_started', { context: { collection_size: 1, collection: ['a'] } }],
        ['iteration_started', { iteration_index: 0 }],
        [
          'iteration_failed',
          { iteration_index: 0, context: { error: { kind: 'timeout', message: 'slow', page: 1, attempt: 1 } } },
        ],
        ['playbook_failed', { context: { error: { kind: 'iteration_failed', message: '1 element failed' } } }],
        ['playbook_resumed', { status: 'RUNNING', context: { reason: 'retry', steps: ['fetch'] } }],
        ['iteration_started', { iteration_index: 0 }],
        page(0, 1, false),
        ['iteration_completed', { iteration_index: 0 }],
        ['playbook_completed'],
      ),
    )
    expect(view).toMatchObject({ status: 'COMPLETED', error: null, stats: { failed: 0, completed: 1, pages: 1 } })
    expect(view.steps[0]?.elements[0]?.pages[0]).toMatchObject({ status: 'ok', attempts: [{ attempt: 1 }] })
  })

  it('puts only what is retried back in line', () => {
    const failed = (index: number): [EventType, Fact] => [
      'iteration_failed',
      { iteration_index: index, context: { error: { kind: 'timeout', message: 'slow', page: 1, attempt: 1 } } },
    ]
    const view = fold(
      log(
        ['playbook_started'],
        ['iterator_started', { context: { collection_size: 2, collection: ['a', 'b'] } }],
        failed(0),
        failed(1),
        ['playbook_failed', { context: { error: { kind: 'iteration_failed', message: '2 elements failed' } } }],
        ['playbook_resumed', { status: 'RUNNING', context: { reason: 'retry', steps: ['fetch'], index: 1 } }],
      ),
    )
    expect(view).toMatchObject({ status: 'RUNNING', endedAt: null, stats: { failed: 1 } })
    expect(view.steps[0]).toMatchObject({ status: 'RUNNING', error: null })
    expect(view.steps[0]?.elements.map((element) => element?.status)).toEqual(['FAILED', 'PENDING'])
    expect(view.steps[0]?.elements[1]).toMatchObject({ error: null, endedAt: null, pages: [{ status: 'waiting' }] })
  })

  it('lets what was cancelled before it began wait again after a retry', () => {
    const before = TWO_ENDPOINTS.slice(0, 8)
    const rest = log(
      ...before.map((): [EventType] => ['step_result']),
      ['playbook_cancelled'],
      ['playbook_resumed', { status: 'RUNNING', context: { reason: 'retry', steps: ['fetch'] } }],
    ).slice(8)
    const view = fold([...before, ...rest])
    expect(view).toMatchObject({ status: 'RUNNING', stats: { elements: 2, cancelled: 0, waiting: 0, running: 0 } })
  })

  it('shows the failed page of a step without a loop that saved none', () => {
    const error = { kind: 'http_error', status: 404, message: 'page 1 answered 404', page: 1, attempt: 1 }
    const view = fold(
      log(
        ['playbook_started'],
        ['step_started', { context: { tool: 'http' } }],
        ['action_failed', { context: { error } }],
        ['step_failed', { context: { error } }],
        ['playbook_failed', { context: { error } }],
      ),
    )
    expect(view.stats).toMatchObject({ elements: 1, failed: 1 })
    expect(firstOf(view)).toMatchObject({
      label: 'fetch',
      status: 'FAILED',
      pages: [{ page: 1, status: 'failed', httpStatus: 404, attempts: [{ attempt: 1, error }] }],
    })
  })

  it('counts the element of a step without a loop that failed before its first page', () => {
    const error = { kind: 'crash_loop', message: 'The work was started 3 times and ended each time.' }
    const view = fold(
      log(
        ['playbook_started'],
        ['step_started', { context: { tool: 'http' } }],
        ['action_failed', { context: { error } }],
        ['step_failed', { context: { error } }],
        ['playbook_failed', { context: { error } }],
      ),
    )
    expect(view.stats).toMatchObject({ elements: 1, failed: 1 })
    expect(firstOf(view)).toMatchObject({ status: 'FAILED', error, pages: [] })
  })

  it('counts the element of a step without a loop that completed without a page, and its warnings', () => {
    const warnings = [{ kind: 'more_available', message: 'ended on page 1, which failed', page: 1 }]
    const view = fold(
      log(
        ['playbook_started'],
        ['step_started', { context: { tool: 'http' } }],
        ['action_completed', { context: { stop_reason: 'page_error', warnings, pages: 0, items: 0 } }],
        ['step_result'],
        ['playbook_completed'],
      ),
    )
    expect(view.stats).toMatchObject({ elements: 1, completed: 1, warnings: 1 })
    expect(firstOf(view)).toMatchObject({ status: 'COMPLETED', stopReason: 'page_error', warnings, pages: [] })
  })

  describe('a statement that is tried again', () => {
    const error = { kind: 'statement_refused', message: 'deadlock detected' }
    const retried: [EventType, Fact] = [
      'page_retry',
      { iteration_index: 0, attempt: 1, context: { error, delay_ms: 500, duration_ms: 20 } },
    ]
    const begun: [EventType, Fact?][] = [
      ['playbook_started'],
      ['step_started', { context: { tool: 'postgres' } }],
      retried,
    ]

    it('has tries and no page', () => {
      const view = fold(log(...begun, ['action_completed'], ['step_result']))
      expect(view.stats).toMatchObject({ pages: 0, retries: 1, completed: 1 })
      expect(firstOf(view)).toMatchObject({
        status: 'COMPLETED',
        pages: [],
        tries: [{ attempt: 1, error, delayMs: 500 }],
      })
    })

    it('shows the try that ended it as its last', () => {
      const last = { ...error, attempt: 2 }
      const view = fold(log(...begun, ['action_failed', { context: { error: last } }], ['step_failed']))
      expect(firstOf(view)).toMatchObject({
        status: 'FAILED',
        pages: [],
        tries: [{ attempt: 1 }, { attempt: 2, error: last, delayMs: null }],
      })
    })
  })

  it('treats a paginated step without a loop as one element', () => {
    const view = fold(
      log(['playbook_started'], ['step_started', { context: { tool: 'http' } }], page(0, 1, true), page(0, 2, false), [
        'action_completed',
        { context: { stop_reason: 'next_token' } },
      ]),
    )
    expect(view.stats).toMatchObject({ elements: 1, completed: 1, pages: 2 })
    expect(view.steps[0]?.elements[0]).toMatchObject({ label: 'fetch', status: 'COMPLETED', stopReason: 'next_token' })
  })

  it('marks what was under way, and what had not begun, as cancelled', () => {
    const view = fold([
      ...TWO_ENDPOINTS.slice(0, 8),
      ...log(...TWO_ENDPOINTS.slice(0, 8).map((): [EventType] => ['step_result']), ['playbook_cancelled']).slice(8),
    ])
    expect(view).toMatchObject({ status: 'CANCELLED', stats: { elements: 2, cancelled: 2, waiting: 0 } })
    expect(view.steps[1]).toMatchObject({ status: 'CANCELLED' })
    expect([0, 1].map((index) => view.steps[1] && elementAt(view.steps[1], index).status)).toEqual([
      'CANCELLED',
      'CANCELLED',
    ])
  })

  it('ends what was under way with a run that fails of itself', () => {
    const view = fold([
      ...TWO_ENDPOINTS.slice(0, 8),
      ...log(...TWO_ENDPOINTS.slice(0, 8).map((): [EventType] => ['step_result']), ['playbook_failed']).slice(8),
    ])
    expect(view).toMatchObject({ status: 'FAILED', stats: { elements: 2, cancelled: 2, running: 0, waiting: 0 } })
    expect(view.steps[1]).toMatchObject({ status: 'CANCELLED' })
  })

  it('shows an element whose next page is due later as waiting, until when, and as no retry', () => {
    const before = TWO_ENDPOINTS.slice(0, 6)
    const next_at = new Date(START + 60_000).toISOString()
    const view = fold([...before, fetched({ next_at }, 1, before.length)])
    expect(firstOf(view)).toMatchObject({ status: 'WAITING', nextAttemptAt: START + 60_000, retries: 0 })
    const later = applyEvents(view, [fetched({}, 2, before.length + 1)])
    expect(firstOf(later)).toMatchObject({ status: 'RUNNING', nextAttemptAt: null })
  })

  it('counts the items of the last page where a page replaces the one before', () => {
    const before = TWO_ENDPOINTS.slice(0, 6)
    const pages = [fetched({ items: 10 }, 1, 6), fetched({ items: 4, replaced_items: 10 }, 2, 7)]
    const view = fold([...before, ...pages])
    expect(view.stats).toMatchObject({ pages: 2, items: 4 })
    expect(firstOf(view)).toMatchObject({ items: 4 })
  })

  it('folds 20,000 elements in batches of 500 events at a few milliseconds a batch', () => {
    const size = 20_000
    let view = fold(
      log(['playbook_started'], ['iterator_started', { context: { collection_size: size, collection: [] } }]),
    )
    const took: number[] = []
    for (let index = 0; index < size; index += 500) {
      const facts = Array.from({ length: 500 }, (_, offset) => page(index + offset, 1, false))
      const events = log(...facts).map((event) => ({ ...event, seq: event.seq + index + 2 }))
      const began = performance.now()
      view = applyEvents(view, events)
      took.push(performance.now() - began)
    }
    expect(view.stats).toMatchObject({ elements: size, pages: size })
    // By then each batch costs the most if it costs more the longer the log is; the fastest of them, for a busy machine.
    expect(Math.min(...took.slice(-10))).toBeLessThan(50)
  })
})
