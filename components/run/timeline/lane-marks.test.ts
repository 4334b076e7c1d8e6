import { describe, expect, it } from 'vitest'
import type { ElementView, PageView } from '@/domain/execution/view'
import { laneMarks } from './lane-marks'

const page = (part: Partial<PageView>): PageView => ({
  page: 1,
  status: 'ok',
  attempts: [],
  startedAt: 0,
  endedAt: 100,
  durationMs: 100,
  waitedMs: 0,
  httpStatus: 200,
  items: 10,
  bytes: 1,
  more: true,
  ...part,
})

const element = (part: Partial<ElementView>): ElementView => ({
  index: 0,
  label: 'users',
  status: 'RUNNING',
  pages: [],
  tries: [],
  items: 0,
  retries: 0,
  stopReason: null,
  warnings: [],
  error: null,
  nextAttemptAt: null,
  sink: null,
  startedAt: 0,
  endedAt: null,
  ...part,
})

const kinds = (marks: ReturnType<typeof laneMarks>) => marks.map(({ kind, from, to }) => [kind, from, to])

describe('laneMarks', () => {
  it('draws the page that is being asked for up to now', () => {
    expect(kinds(laneMarks(element({}), 50))).toEqual([['in_flight', 0, 50]])
    expect(kinds(laneMarks(element({ pages: [page({})] }), 150))).toEqual([
      ['page', 0, 100],
      ['in_flight', 100, 150],
    ])
  })

  it('draws nothing under way after the last page', () => {
    expect(kinds(laneMarks(element({ pages: [page({ more: false })] }), 150))).toEqual([['page', 0, 100]])
  })

  const failed = {
    attempt: 1,
    startedAt: 0,
    endedAt: 50,
    delayMs: 2000,
    why: null,
    error: { kind: 'http_error', status: 429, message: '' },
  }

  it('draws a failed try, the wait after it, and the try that gave the page', () => {
    const retried = page({ attempts: [failed], endedAt: 2150, durationMs: 100, more: false })
    expect(kinds(laneMarks(element({ status: 'COMPLETED', pages: [retried] }), 9999))).toEqual([
      ['try', 0, 50],
      ['wait', 50, 2050],
      ['page', 2050, 2150],
    ])
  })

  it('draws the wait of a page for its slot of the rate limit, the first page too', () => {
    const limited = page({ waitedMs: 3000, endedAt: 3100, more: false })
    expect(kinds(laneMarks(element({ status: 'COMPLETED', pages: [limited] }), 9999))).toEqual([
      ['wait', 0, 3000],
      ['page', 3000, 3100],
    ])
  })

  it('draws the tries of a statement, which are no page', () => {
    const last = { ...failed, attempt: 2, startedAt: 2050, endedAt: 2100, delayMs: null }
    const marks = laneMarks(element({ status: 'FAILED', tries: [failed, last], endedAt: 2100 }), 9999)
    expect(kinds(marks)).toEqual([
      ['try', 0, 50],
      ['wait', 50, 2050],
      ['try', 2050, 2100],
    ])
    expect(marks.map(({ page: number }) => number)).toEqual([null, null, null])
  })

  it('draws the whole planned wait while it lasts, and the next try after it', () => {
    const waiting = page({ status: 'waiting', attempts: [failed] })
    expect(kinds(laneMarks(element({ status: 'WAITING', pages: [waiting] }), 500))).toEqual([
      ['try', 0, 50],
      ['wait', 50, 2050],
    ])
    expect(kinds(laneMarks(element({ status: 'WAITING', pages: [waiting] }), 2100)).at(-1)).toEqual([
      'in_flight',
      2050,
      2100,
    ])
  })
})
