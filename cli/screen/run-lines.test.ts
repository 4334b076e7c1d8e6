import { expect, it } from 'vitest'
import { emptyView, type ElementView, type ExecutionView, type PageView } from '@/domain/execution/view'
import { runLines, totalsLine } from './run-lines'

const view = emptyView('1')

it('counts as ended only what was fetched or failed, and tells what was left out or cancelled beside it', () => {
  const stats = { ...view.stats, elements: 6, completed: 2, failed: 1, pages: 8, items: 70 }
  expect(totalsLine({ ...view, stats: { ...stats, skipped: 3 } })).toBe(
    '3 of 6 elements · 8 pages · 70 items · 0 retries · 1 failed · 3 left out',
  )
  expect(totalsLine({ ...view, stats: { ...stats, failed: 0, cancelled: 4 } })).toBe(
    '2 of 6 elements · 8 pages · 70 items · 0 retries · 4 cancelled',
  )
})

it('leaves room in a narrow terminal for what a bar is about, and says that a run is paused', () => {
  const lines = runLines({ ...running, status: 'PAUSED' }, { height: 20, width: 60 })
  expect(lines[1]).toBe('  a-very-long-na… █████ 30 pages · 300 items  ✓ while_false')
  expect(lines.at(-1)).toMatch(/^paused · /)
  expect(runLines(running, { height: 20, width: 100 })[1]).toBe(
    `  a-very-long-name-… ${'█'.repeat(24)} 30 pages · 300 items  ✓ while_false`,
  )
})

const pages = Array.from({ length: 30 }, (_, index): PageView => ({
  page: index + 1,
  status: 'ok',
  attempts: [],
  startedAt: 0,
  endedAt: 0,
  durationMs: 0,
  waitedMs: 0,
  httpStatus: 200,
  items: 10,
  bytes: 10,
  more: true,
}))

const element: ElementView = {
  index: 0,
  label: 'a-very-long-name-of-an-element',
  status: 'COMPLETED',
  pages,
  tries: [],
  items: 300,
  retries: 0,
  stopReason: 'while_false',
  warnings: [],
  error: null,
  nextAttemptAt: null,
  sink: null,
  startedAt: 0,
  endedAt: 1,
}

const running: ExecutionView = {
  ...view,
  steps: [
    {
      name: 'fetch',
      tool: 'http',
      status: 'RUNNING',
      iterator: null,
      elements: [element],
      unbegun: 'PENDING',
      pages: 30,
      items: 300,
      retries: 0,
      sink: null,
      error: null,
      startedAt: 0,
      endedAt: null,
    },
  ],
}
