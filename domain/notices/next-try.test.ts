import { expect, it } from 'vitest'
import { nextTry } from './next-try'

it('tries soon, then ever more rarely, and gives up after a day', () => {
  const firstDueAt = new Date('2026-01-01T00:00:00Z')
  const waits: number[] = []
  let now = firstDueAt
  for (let attempts = 1; ; attempts += 1) {
    const next = nextTry({ attempts, firstDueAt, now })
    if (next === null) break
    waits.push((next.getTime() - now.getTime()) / 60_000)
    now = next
  }
  expect(waits.slice(0, 7)).toEqual([1 / 6, 0.5, 1, 5, 15, 60, 180])
  expect(new Set(waits.slice(7))).toEqual(new Set([180]))
  expect(now.getTime() - firstDueAt.getTime()).toBeGreaterThan(20 * 3_600_000)
  expect(now.getTime() - firstDueAt.getTime()).toBeLessThanOrEqual(24 * 3_600_000)
})
