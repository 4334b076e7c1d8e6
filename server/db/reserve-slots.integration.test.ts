import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { pool } from './pool'
import { blockBudget, readPause, reserveSlots, type Budget } from './reserve-slots'
import { createTestDatabase } from './testing/create-test-database'

await createTestDatabase()
// Connections of which each is open already: what opening one takes is not the budget's.
await Promise.all(Array.from({ length: 10 }, async () => pool().query('SELECT pg_sleep(0.2)')))

let keys = 0
const budgetOf = (requests: number, perSeconds: number): Budget => ({ key: `key ${++keys}`, requests, perSeconds })
const waitsOf = async (...asked: Parameters<typeof reserveSlots>): Promise<number[]> =>
  (await reserveSlots(...asked)).waits
const only = (wanted: number) => ({ wanted, spare: 0, holdMs: 0, mostPauseMs: Infinity })

/** A wait until so many seconds from `since` on, of which some have passed; a little more is for the way. */
function expectWait(wait: number | undefined, seconds: number, since: number): void {
  expect(wait).toBeLessThan((seconds + 1) * 1000)
  expect((wait ?? 0) + performance.now() - since).toBeGreaterThanOrEqual(seconds * 1000)
}

/** The most requests in any period of this length. */
function densest(times: readonly number[], perMs: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return Math.max(...sorted.map((from) => sorted.filter((time) => time >= from && time < from + perMs).length))
}

describe('a budget', () => {
  it('gives what is left at once and the rest when its time comes', async () => {
    const waits = await waitsOf(budgetOf(5, 60), only(12))
    expect(waits.slice(0, 5)).toEqual([0, 0, 0, 0, 0])
    expect(waits.slice(5).map((wait) => Math.floor(wait / 1000))).toEqual([60, 60, 60, 60, 60, 120, 120])
  })

  it.each([
    [1, 1],
    [3, 2],
    [7, 0.5],
    [100, 10],
  ])('lets no more than %i requests pass in any %d s, whoever asks', async (requests, perSeconds) => {
    const budget = budgetOf(requests, perSeconds)
    let slowest = 0
    const askers = Array.from({ length: 8 }, async (_, asker) => {
      const times: number[] = []
      for (let turn = 0; turn < 6; turn++) {
        const before = performance.now()
        const waits = await waitsOf(budget, only(1 + ((asker + turn) % 4)))
        slowest = Math.max(slowest, performance.now() - before)
        times.push(...waits.map((wait) => before + wait))
        await delay(asker * 3)
      }
      return times
    })
    const granted = (await Promise.all(askers)).flat()
    expect(granted.length).toBeGreaterThan(100)
    // The budget counts from a moment between question and answer: that two are a period apart shows only so far.
    expect(densest(granted, perSeconds * 1000 - slowest - 10)).toBeLessThanOrEqual(requests)
    const { rows } = await pool().query<{ most: number }>(
      `SELECT max((SELECT sum(o.slots) FROM unnest(block_at, block_slots) AS o (at, slots)
              WHERE o.at > n.at - $2::float8 AND o.at <= n.at))::int AS most
       FROM noetl.rate_budget, unnest(block_at) AS n (at) WHERE key = $1`,
      [budget.key, perSeconds],
    )
    expect(rows[0]?.most).toBeLessThanOrEqual(requests)
  })

  it('wastes little: what it lets pass over many periods is nearly all it may', async () => {
    const waits = await waitsOf(budgetOf(20, 1), only(200))
    expect(Math.max(...waits)).toBeLessThan(9_000 * 1.1)
  })

  it('takes spare requests only from what is free at once', async () => {
    const budget = budgetOf(10, 60)
    const spare = { wanted: 1, spare: 6, holdMs: 50, mostPauseMs: Infinity }
    const since = performance.now()
    expect(await waitsOf(budget, spare)).toEqual([0, 0, 0, 0, 0, 0, 0])
    expect(await waitsOf(budget, spare)).toEqual([0, 0, 0])
    const [wait, ...none] = await waitsOf(budget, spare)
    expectWait(wait, 60, since)
    expect(none).toEqual([])
  })

  it('opens again only after a pause, for everybody', async () => {
    const budget = budgetOf(5, 1)
    const since = performance.now()
    await blockBudget(budget, 30_000)
    await blockBudget(budget, 10)
    const waits = await waitsOf(budget, only(6))
    expect(waits).toHaveLength(6)
    waits.forEach((wait, place) => expectWait(wait, place < 5 ? 30 : 31, since))
  })

  it('tells of a pause, and reserves nothing behind one that is too long', async () => {
    const budget = budgetOf(5, 1)
    expect(await readPause(budget)).toBe(0)
    await blockBudget(budget, 30_000)
    const tooLong = await reserveSlots(budget, { ...only(3), mostPauseMs: 20_000 })
    expect(tooLong.waits).toEqual([])
    for (const pauseMs of [tooLong.pauseMs, await readPause(budget)]) {
      expect(pauseMs).toBeGreaterThan(20_000)
      expect(pauseMs).toBeLessThanOrEqual(30_000)
    }
    const { rows } = await pool().query('SELECT block_slots FROM noetl.rate_budget WHERE key = $1', [budget.key])
    expect(rows).toEqual([{ block_slots: [] }])
    const { waits, pauseMs } = await reserveSlots(budget, { ...only(3), mostPauseMs: 40_000 })
    expect(waits).toEqual([pauseMs, pauseMs, pauseMs])
  })

  it('is one for two limits on the same origin and credential', async () => {
    const perMinute = budgetOf(10, 60)
    const perSecond = { ...perMinute, requests: 4, perSeconds: 1 }
    const since = performance.now()
    expect((await waitsOf(perSecond, only(8))).map((wait) => Math.round(wait / 1000))).toEqual([0, 0, 0, 0, 1, 1, 1, 1])
    const waits = await waitsOf(perMinute, only(3))
    expect(waits.slice(0, 2)).toEqual([0, 0])
    expectWait(waits[2], 60, since)
  })

  it('stays small, however many requests it is for', async () => {
    const budget = budgetOf(100_000, 3_600)
    for (let turn = 0; turn < 20; turn++) await waitsOf(budget, only(5_000))
    const { rows } = await pool().query<{ blocks: number }>(
      'SELECT cardinality(block_at) AS blocks FROM noetl.rate_budget WHERE key = $1',
      [budget.key],
    )
    expect(rows[0]?.blocks).toBeLessThan(5)
  })

  it('is not for the SQL of playbooks', async () => {
    const { rows } = await pool().query<{ may: boolean }>(
      `SELECT has_function_privilege('public', 'noetl.reserve_slots(text, integer, double precision, integer, integer, double precision, double precision)', 'EXECUTE') AS may`,
    )
    expect(rows[0]?.may).toBe(false)
  })
})
