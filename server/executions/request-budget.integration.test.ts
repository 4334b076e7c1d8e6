import { describe, expect, it, vi } from 'vitest'
import type { HttpOutcome } from '@/domain/http-message'
import { pool } from '../db/pool'
import { createTestDatabase } from '../db/testing/create-test-database'
import { createRequestBudget, requestBudget, type RequestBudget } from './request-budget'

await createTestDatabase()

/** The statements that asked for a budget meanwhile, and how many of them took longer than half of what a part is held for. */
async function statementsOf(work: () => Promise<unknown>): Promise<{ asked: number; slow: number }> {
  const took: number[] = []
  const query: (...given: unknown[]) => unknown = pool().query.bind(pool())
  const watched = (...given: unknown[]): unknown => {
    const startedAt = performance.now()
    return Promise.resolve(query(...given)).finally(() => {
      if (Object(given[0]).name === 'reserve-slots') took.push(performance.now() - startedAt)
    })
  }
  const spy = vi.spyOn(pool(), 'query').mockImplementation(watched)
  await work()
  spy.mockRestore()
  return { asked: took.length, slow: took.filter((ms) => ms > 25).length }
}

/** A wait until so many seconds from `since` on, of which some have passed; a little more is for the way. */
function expectWait(wait: number | undefined, seconds: number, since: number): void {
  expect(wait).toBeLessThan((seconds + 1) * 1000)
  expect((wait ?? 0) + performance.now() - since).toBeGreaterThanOrEqual(seconds * 1000)
}

/** The wait for a slot; for a pause that is too long it is none. */
async function waitFor(budget: RequestBudget): Promise<number> {
  const slot = await budget.take(Infinity)
  return slot.isGranted ? slot.waitMs : Number.NaN
}

const answer = (status: number, headers: Record<string, string>): HttpOutcome => ({
  kind: 'response',
  response: { status, headers, text: '', bytes: 0, url: 'http://api.test/', credentialsStripped: false },
  startedAt: new Date(),
  durationMs: 1,
  timing: { dnsMs: 0, connectMs: 0, tlsMs: 0, waitMs: 0, bodyMs: 0 },
})

describe('the budget of a process', () => {
  it('asks once for all who want a request at the same time', async () => {
    const budget = createRequestBudget({ key: 'together', requests: 100_000, perSeconds: 60 })
    const { asked } = await statementsOf(async () =>
      Promise.all(Array.from({ length: 100 }, async () => waitFor(budget))),
    )
    expect([1, 2, 3]).toContain(asked)
  })

  it('takes a large budget in parts, so that most requests cost no statement', async () => {
    const budget = createRequestBudget({ key: 'large', requests: 2_000, perSeconds: 1 })
    const { asked, slow } = await statementsOf(async () => {
      for (let n = 0; n < 500; n++) expect(await waitFor(budget)).toBe(0)
    })
    expect(asked).toBeGreaterThan(0)
    // A part whose statement took so long is over before it can be used.
    expect(asked).toBeLessThan(100 + 2 * slow)
  })

  it('takes nothing in advance of a small budget', async () => {
    const one = createRequestBudget({ key: 'small', requests: 4, perSeconds: 60 })
    const other = createRequestBudget({ key: 'small', requests: 4, perSeconds: 60 })
    const since = performance.now()
    const waits = [
      await waitFor(one),
      await waitFor(other),
      await waitFor(one),
      await waitFor(other),
      await waitFor(one),
    ]
    expect(waits.slice(0, 4)).toEqual([0, 0, 0, 0])
    expectWait(waits[4], 60, since)
  })

  it.each([
    ['nothing is left', answer(200, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' })],
    ['it was one too many', answer(429, { 'retry-after': '30' })],
    ['nothing is left, in the newest spelling', answer(200, { ratelimit: '"default";r=0;t=30' })],
  ])('waits, here and in other workers, when an answer says that %s', async (name, outcome) => {
    const one = createRequestBudget({ key: name, requests: 100, perSeconds: 1 })
    const other = createRequestBudget({ key: name, requests: 100, perSeconds: 1 })
    expect(await waitFor(one)).toBe(0)
    const since = performance.now()
    one.heed(outcome)
    expect(await one.isPaused()).toBe(true)
    expectWait(await waitFor(one), 30, since)
    const told = await vi.waitFor(
      async () => {
        const wait = await waitFor(other)
        expect(wait).toBeGreaterThan(0)
        return wait
      },
      { timeout: 20_000 },
    )
    expectWait(told, 30, since)
  })

  it('reserves nothing for a pause longer than the one who asks may wait, whoever was told of it', async () => {
    const one = createRequestBudget({ key: 'far', requests: 100, perSeconds: 1 })
    const other = createRequestBudget({ key: 'far', requests: 100, perSeconds: 1 })
    one.heed(answer(429, { 'retry-after': '7200' }))
    const [refused, granted] = await Promise.all([one.take(3_600_000), one.take(8_000_000)])
    for (const slot of [refused, await other.take(3_600_000)]) {
      expect(slot).toMatchObject({ isGranted: false })
      expect(slot.isGranted ? 0 : slot.pauseMs).toBeGreaterThan(7_190_000)
    }
    expect(granted).toMatchObject({ isGranted: true })
    const { rows } = await pool().query<{ slots: number[] }>(
      `SELECT block_slots AS slots FROM noetl.rate_budget WHERE key = 'far'`,
    )
    expect(rows[0]?.slots).toEqual([1])
  })

  it('knows of a pause that another worker was told of before it lets a reserved request go', async () => {
    const one = createRequestBudget({ key: 'woken', requests: 1, perSeconds: 1 })
    const other = createRequestBudget({ key: 'woken', requests: 1, perSeconds: 1 })
    expect(await waitFor(one)).toBe(0)
    expect(await waitFor(other)).toBeGreaterThan(0)
    one.heed(answer(200, { 'ratelimit-remaining': '0', 'ratelimit-reset': '30' }))
    await vi.waitFor(async () => expect(await other.isPaused()).toBe(true), { timeout: 2_500, interval: 100 })
  })

  it('looks for pauses once a second at most, and not at all after it asked for a slot', async () => {
    const budget = createRequestBudget({ key: 'looks', requests: 100, perSeconds: 1 })
    const spy = vi.spyOn(pool(), 'query')
    const since = performance.now()
    await budget.take(Infinity)
    for (let n = 0; n < 50; n += 1) expect(await budget.isPaused()).toBe(false)
    const looks = spy.mock.calls.filter(([query]) => Object(query).name === 'read-pause').length
    spy.mockRestore()
    expect(looks).toBeLessThanOrEqual(Math.floor((performance.now() - since) / 1_000))
  })

  it('counts the requests that an answer cost besides the one reserved', async () => {
    const budget = createRequestBudget({ key: 'redirected', requests: 4, perSeconds: 60 })
    const since = performance.now()
    expect(await waitFor(budget)).toBe(0)
    budget.heed({ ...answer(200, {}), alsoSent: 2 })
    expect(await waitFor(budget)).toBe(0)
    expectWait(await waitFor(budget), 60, since)
  })

  it('goes on when something is left, or an error is not about the limit', async () => {
    const budget = createRequestBudget({ key: 'left', requests: 100, perSeconds: 1 })
    budget.heed(answer(200, { 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '30' }))
    budget.heed(answer(500, { 'x-ratelimit-reset': '30' }))
    expect(await budget.isPaused()).toBe(false)
  })

  it('is one for an origin and credential, and keeps neither of them', async () => {
    const limit = { requests: 1, perSeconds: 60 }
    const mine = { ...limit, credential: ['bearer', { parts: [{ secret: 'KEY' }] }] }
    expect(await waitFor(requestBudget(mine, 'http://secret-host.test/a'))).toBe(0)
    expect(await waitFor(requestBudget({ ...mine }, 'http://secret-host.test/b?c'))).toBeGreaterThan(0)
    expect(await waitFor(requestBudget(mine, 'http://secret-host.test:81/a'))).toBe(0)
    expect(await waitFor(requestBudget({ ...limit, credential: null }, 'http://secret-host.test/a'))).toBe(0)
    const { rows } = await pool().query<{ key: string }>('SELECT key FROM noetl.rate_budget')
    expect(JSON.stringify(rows)).not.toMatch(/secret-host|KEY/)
  })
})
