import { expect, it } from 'vitest'
import type { EventStatus, EventType, ExecutionEvent } from './events'
import { emptyView, type ExecutionView } from './view'
import { applyEvents } from './view-fold'

type Told = [
  EventType,
  Record<string, unknown>,
  { index?: number; page?: number; attempt?: number; status?: EventStatus; step?: string }?,
]

/** The view of a run with one loop `fetch`, after these events. */
function viewOf(...told: Told[]): ExecutionView {
  const begun: Told[] = [
    ['playbook_started', {}],
    ['step_started', { tool: 'http' }],
    ['iterator_started', { collection_size: 2, collection: ['a', 'b'] }],
    ['iteration_started', {}, { index: 0 }],
    ['iteration_started', {}, { index: 1 }],
  ]
  const events = [...begun, ...told].map(([event_type, context, at = {}], place): ExecutionEvent => ({
    event_id: String(place + 1),
    execution_id: '7',
    seq: place + 1,
    event_type,
    status: at.status ?? 'RUNNING',
    node_name: /^(?:playbook|workflow)/.test(event_type) ? null : (at.step ?? 'fetch'),
    iteration_index: at.index ?? null,
    page: at.page ?? null,
    attempt: at.attempt ?? null,
    context,
    created_at: new Date(1_000_000 + place * 1_000).toISOString(),
  }))
  return applyEvents(emptyView('7'), events)
}

const elements = (view: ExecutionView) => view.steps[0]?.elements ?? []
const page = (items: number, more = {}): Told => [
  'page_fetched',
  { items, duration_ms: 1, ...more },
  { index: 0, page: 1 },
]
const retry: Told = [
  'page_retry',
  { delay_ms: 60_000, error: { kind: 'http_error', message: '500' } },
  { index: 1, page: 1, attempt: 1 },
]

it('counts a page that was fetched again once, with the items it has now', () => {
  const ended: Told[] = [page(10), ['iteration_completed', {}, { index: 0 }], ['playbook_completed', {}]]
  const again: Told = [
    'playbook_resumed',
    { reason: 'retry', scope: 'page', steps: ['fetch'], step: 'fetch', index: 0, page: 1 },
  ]
  const reopened = viewOf(...ended, again)
  expect(reopened).toMatchObject({ status: 'RUNNING', stats: { completed: 0, pages: 1, items: 10 } })
  expect(elements(reopened)[0]).toMatchObject({ status: 'PENDING', items: 10 })
  const replaced = viewOf(...ended, again, page(4, { replaces: { items: 10 } }), [
    'iteration_completed',
    {},
    { index: 0 },
  ])
  expect(replaced).toMatchObject({ stats: { completed: 1, pages: 1, items: 4 } })
  expect(elements(replaced)[0]).toMatchObject({ status: 'COMPLETED', items: 4, pages: [{ items: 4, status: 'ok' }] })
})

it('shows no wait any more where somebody ended it, and goes on waiting elsewhere', () => {
  const other: Told = ['page_retry', { delay_ms: 60_000, error: 'no' }, { index: 0, page: 1, attempt: 1 }]
  const now = (where: Record<string, unknown>): Told => [
    'playbook_resumed',
    { reason: 'retry_now', elements: 1, ...where },
  ]
  const one = elements(viewOf(retry, other, now({ step: 'fetch', index: 1 })))
  expect(one.map((element) => element?.status)).toEqual(['WAITING', 'WAITING'])
  expect(one[1]?.nextAttemptAt).toBeNull()
  expect(one[0]?.nextAttemptAt).not.toBeNull()
  expect(elements(viewOf(retry, other, now({}))).map((element) => element?.nextAttemptAt)).toEqual([null, null])
})

const steps = (view: ExecutionView) => Object.fromEntries(view.steps.map(({ name, status }) => [name, status]))
const listed: Told = ['workflow_initialized', { steps: ['fetch', 'branch', 'after'].map((step) => ({ step })) }]
const resumed: Told = ['playbook_resumed', { reason: 'retry', scope: 'failed', steps: ['fetch'] }]

it('shows a step that a failure left out as skipped, and as pending once the run is retried', () => {
  const failed: Told[] = [
    listed,
    ['step_skipped', { reason: 'no branch led here' }, { step: 'branch' }],
    ['step_failed', { error: { kind: 'x', message: 'no' } }],
    ['step_skipped', { left_out: true }, { step: 'after' }],
    ['playbook_failed', {}],
  ]
  expect(steps(viewOf(...failed))).toEqual({ fetch: 'FAILED', branch: 'SKIPPED', after: 'SKIPPED' })
  expect(steps(viewOf(...failed, resumed))).toEqual({ fetch: 'RUNNING', branch: 'SKIPPED', after: 'PENDING' })
  const on = viewOf(...failed, resumed, ['step_result', {}], ['step_started', {}, { step: 'after' }])
  expect(steps(on)).toEqual({ fetch: 'COMPLETED', branch: 'SKIPPED', after: 'RUNNING' })
})

it('shows no step of a cancelled run as pending, until it is retried', () => {
  const cancelled = viewOf(listed, ['playbook_cancelled', {}])
  expect(steps(cancelled)).toEqual({ fetch: 'CANCELLED', branch: 'CANCELLED', after: 'CANCELLED' })
  const again = viewOf(listed, ['playbook_cancelled', {}], resumed)
  expect(steps(again)).toEqual({ fetch: 'RUNNING', branch: 'PENDING', after: 'PENDING' })
})
