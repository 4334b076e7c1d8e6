import { describe, expect, it } from 'vitest'
import { timeScale } from './time-scale'

describe('timeScale', () => {
  it('is linear while something happens', () => {
    const { x, breaks } = timeScale([{ from: 0, to: 1000 }], 0, 1000, 500)
    expect([x(0), x(500), x(1000), breaks]).toEqual([0, 250, 500, []])
  })

  it('draws a long gap as a break and gives the width to the work', () => {
    const { x, breaks } = timeScale(
      [
        { from: 0, to: 1000 },
        { from: 61_000, to: 62_000 },
      ],
      0,
      62_000,
      1040,
    )
    expect(breaks).toEqual([{ from: 1000, to: 61_000, x: 500, width: 40 }])
    expect([x(1000), x(61_000), x(62_000)]).toEqual([500, 540, 1040])
  })

  it('keeps a short pause at its length', () => {
    expect(
      timeScale(
        [
          { from: 0, to: 1000 },
          { from: 1300, to: 2000 },
        ],
        0,
        2000,
        500,
      ).breaks,
    ).toEqual([])
  })

  it('keeps to the frame for times outside of it', () => {
    const { x } = timeScale([{ from: 0, to: 100 }], 0, 100, 200)
    expect([x(-50), x(500)]).toEqual([0, 200])
  })

  it('labels ticks in the unit of their distance and none inside a break', () => {
    const labels = (end: number) => timeScale([{ from: 0, to: end }], 0, end, 400).ticks.map(({ label }) => label)
    expect(labels(200)).toEqual(['0', '50 ms', '100 ms', '150 ms', '200 ms'])
    expect(labels(4000)).toEqual(['0', '1 s', '2 s', '3 s', '4 s'])
    const cut = timeScale(
      [
        { from: 0, to: 1000 },
        { from: 61_000, to: 62_000 },
      ],
      0,
      62_000,
      1040,
    )
    expect(cut.ticks.filter(({ x }) => x > 500 && x < 540)).toEqual([])
  })
})
