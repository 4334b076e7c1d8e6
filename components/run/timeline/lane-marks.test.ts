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
