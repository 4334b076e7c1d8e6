import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextDue, nextDueTimes } from './due-times'
import { offsetAt } from './time-zone'

/** The same values each time: what a change is refused for must be the change. */
fc.configureGlobal({ seed: 20_261_124 })

const times = (cron: string, timeZone: string, after: string, count = 4): string[] =>
  nextDueTimes({ cron, timeZone }, new Date(after), count).map((due) => due.toISOString().slice(0, 16))

describe('times of a day in Berlin', () => {
  it('follow the zone from winter into summer', () => {
    expect(times('0 9 * * *', 'Europe/Berlin', '2026-03-27T12:00Z', 3)).toEqual([
      '2026-03-28T08:00',
      '2026-03-29T07:00',
      '2026-03-30T07:00',
    ])
  })

  it('that the clocks jump over are due once, at the jump', () => {
    expect(times('30 2 * * *', 'Europe/Berlin', '2026-03-27T12:00Z', 3)).toEqual([
      '2026-03-28T01:30',
      '2026-03-29T01:00',
      '2026-03-30T00:30',
    ])
    expect(times('*/20 2,3 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', 4)).toEqual([
      '2026-03-29T01:00',
      '2026-03-29T01:20',
      '2026-03-29T01:40',
      '2026-03-30T00:00',
    ])
  })

  it('that the clocks show twice are due once, the first time', () => {
    expect(times('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', 2)).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ])
    expect(times('30 2 * * *', 'Europe/Berlin', '2026-10-25T00:30Z', 1)).toEqual(['2026-10-26T01:30'])
    expect(times('15 2 * * *', 'Europe/Berlin', '2026-10-25T00:40Z', 1)).toEqual(['2026-10-26T01:15'])
  })

  it('of every hour come twice in the hour that comes twice, and not at all in the one left out', () => {
    expect(times('*/30 * * * *', 'Europe/Berlin', '2026-10-25T00:10Z', 4)).toEqual([
      '2026-10-25T00:30',
      '2026-10-25T01:00',
      '2026-10-25T01:30',
      '2026-10-25T02:00',
    ])
    expect(times('0 */2 * * *', 'Europe/Berlin', '2026-03-28T22:30Z', 3)).toEqual([
      '2026-03-28T23:00',
      '2026-03-29T02:00',
      '2026-03-29T04:00',
    ])
  })
})

describe('a zone that changes its clocks at midnight', () => {
  it('loses no day: what is due at midnight is due at one', () => {
    expect(times('0 0 * * *', 'Africa/Cairo', '2026-04-22T12:00Z', 3)).toEqual([
      '2026-04-22T22:00',
      '2026-04-23T22:00',
      '2026-04-24T21:00',
    ])
    expect(times('@daily', 'America/Sao_Paulo', '2018-11-02T12:00Z', 3)).toEqual([
      '2018-11-03T03:00',
      '2018-11-04T03:00',
      '2018-11-05T02:00',
    ])
  })
})

it('half an hour is a change as well', () => {
  expect(times('15 2 * * *', 'Australia/Lord_Howe', '2026-10-02T20:00Z', 2)).toEqual([
    '2026-10-03T15:30',
    '2026-10-04T15:15',
  ])
})

it('a day that a zone leaves out is due at the jump over the date line', () => {
  expect(times('0 12 * * *', 'Pacific/Apia', '2011-12-29T00:00Z', 3)).toEqual([
    '2011-12-29T22:00',
    '2011-12-30T10:00',
    '2011-12-30T22:00',
  ])
})

it('a leap day is waited for, and a day that never comes is not', () => {
  expect(times('0 0 29 2 *', 'UTC', '2026-01-01T00:00Z', 1)).toEqual(['2028-02-29T00:00'])
  expect(nextDue({ cron: '0 0 31 4,6 *', timeZone: 'UTC' }, new Date('2026-01-01T00:00Z'))).toBe(null)
})

describe('over any stretch of time', () => {
  const zones = [
    'Europe/Berlin',
    'America/New_York',
    'Africa/Cairo',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
    'UTC',
    'America/Santiago',
  ]
  const start = fc.integer({ min: Date.UTC(2024, 0, 1) / 60_000, max: Date.UTC(2027, 0, 1) / 60_000 })

  it('every hour on the half hour is every moment at which the clocks show it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), start, (timeZone, minute) => {
        const from = minute * 60_000
        const due = nextDueTimes({ cron: '30 * * * *', timeZone }, new Date(from), 60).map((time) => time.getTime())
        const shown: number[] = []
        for (let at = from + 60_000; shown.length < 60; at += 60_000) {
          if (new Date(at + offsetAt(timeZone, at)).getUTCMinutes() === 30) shown.push(at)
        }
        expect(due).toEqual(shown)
      }),
      { numRuns: 30 },
    )
  }, 60_000)

  it('a time of day is due once on each date', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), start, fc.integer({ min: 0, max: 1439 }), (timeZone, minute, of) => {
        const cron = `${of % 60} ${Math.floor(of / 60)} * * *`
        const due = nextDueTimes({ cron, timeZone }, new Date(minute * 60_000), 400)
        const dates = due.map((at) =>
          new Date(at.getTime() + offsetAt(timeZone, at.getTime())).toISOString().slice(0, 10),
        )
        expect(new Set(dates).size).toBe(400)
        const days = (Date.parse(dates.at(-1) ?? '') - Date.parse(dates[0] ?? '')) / 86_400_000
        expect(days).toBe(399)
      }),
      { numRuns: 40 },
    )
  }, 60_000)
})
