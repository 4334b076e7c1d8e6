import { describe, expect, it } from 'vitest'
import { countOf, formatAgo, formatBytes, formatClock, formatDuration, formatIn, formatShare } from './format'

describe('the words for numbers', () => {
  it.each([
    [143, '143 ms'],
    [1400, '1.4 s'],
    [59_600, '60 s'],
    [185_000, '3 min 5 s'],
    [180_000, '3 min'],
    [7_440_000, '2 h 4 min'],
  ])('says a duration of %d ms as %s', (ms, words) => expect(formatDuration(ms)).toBe(words))

  it('never says 100 % before the last one, nor NaN for none', () => {
    expect([formatShare(1999, 2000), formatShare(2, 2), formatShare(0, 0)]).toEqual(['99 %', '100 %', '0 %'])
  })

  it('says clocks, bytes, counts and ages', () => {
    expect(formatClock(3_729_000)).toBe('1:02:09')
    expect(formatBytes(4198)).toBe('4.2 kB')
    expect(countOf(1, 'page')).toBe('1 page')
    expect(countOf(1200, 'page')).toBe('1,200 pages')
    expect(formatAgo(0, 172_800_000)).toBe('2 days ago')
  })

  it('says how far ahead something is', () => {
    const ahead = [1_000, 12_000, 170_000, 7_300_000, 180_000_000].map((ms) => formatIn(ms, 0))
    expect(ahead).toEqual(['now', 'in 12 s', 'in 3 min', 'in 2 h', 'in 2 days'])
  })
})
