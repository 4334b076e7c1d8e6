import { expect, it } from 'vitest'
import { createBadTokenLimit } from './bad-token-limit'

it('hears a sender again a minute after it began to try, and others all the time', () => {
  const limit = createBadTokenLimit({ most: 3, perMs: 60_000, mostSenders: 10 })
  for (const now of [0, 1_000, 2_000]) {
    expect(limit.waitMs('a', now)).toBe(0)
    limit.note('a', now)
  }
  expect(limit.waitMs('a', 3_000)).toBe(57_000)
  expect(limit.waitMs('b', 3_000)).toBe(0)
  expect(limit.waitMs('a', 60_000)).toBe(0)
  limit.note('a', 60_000)
  expect(limit.waitMs('a', 60_001)).toBe(0)
})

it('remembers a bounded number of senders', () => {
  const limit = createBadTokenLimit({ most: 1, perMs: 60_000, mostSenders: 2 })
  for (const sender of ['a', 'b', 'c']) limit.note(sender, 0)
  expect(['a', 'b', 'c'].map((sender) => limit.waitMs(sender, 1))).toEqual([0, 59_999, 59_999])
})
