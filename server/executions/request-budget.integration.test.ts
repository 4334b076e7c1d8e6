import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { HttpOutcome } from '@/domain/http-message'
import { pool } from '../db/pool'
import { createTestDatabase } from '../db/testing/create-test-database'
import { createRequestBudget, requestBudget } from './request-budget'

await createTestDatabase()

/** How often a budget was asked for: every reservation writes the row once, and nothing else does. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const tuples = async (): Promise<number> => {
    await pool().query('SELECT pg_stat_force_next_flush()')
    const { rows } = await pool().query<{ n: number }>(
      `SELECT n_tup_upd::int AS n FROM pg_stat_user_tables WHERE schemaname = 'noetl' AND relname = 'rate_budget'`,
    )
    return rows[0]?.n ?? 0
  }
  // Each connection of the pool tells what it counted a second after it last did.
  const settled = async (): Promise<number> => {
    await Promise.all(
      Array.from({ length: 10 }, async () => pool().query('SELECT pg_stat_force_next_flush(), pg_sleep(0.2)')),
    )
    return tuples()
  }
  const before = await settled()
  await work()
  return (await settled()) - before
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
    const statements = await statementsOf(async () =>
      Promise.all(Array.from({ length: 100 }, async () => budget.take())),
    )
    expect([1, 2, 3]).toContain(statements)
  })

  it('takes a large budget in parts, so that most requests cost no statement', async () => {
    const budget = createRequestBudget({ key: 'large', requests: 2_000, perSeconds: 1 })
    const statements = await statementsOf(async () => {
      for (let n = 0; n < 500; n++) expect(await budget.take()).toBe(0)
    })
    expect(statements).toBeGreaterThan(0)
    expect(statements).toBeLessThan(100)
  })

  it('takes nothing in advance of a small budget', async () => {
    const one = createRequestBudget({ key: 'small', requests: 4, perSeconds: 60 })
    const other = createRequestBudget({ key: 'small', requests: 4, perSeconds: 60 })
    const waits = [await one.take(), await other.take(), await one.take(), await other.take(), await one.take()]
    expect(waits.map((wait) => Math.round(wait / 1000))).toEqual([0, 0, 0, 0, 60])
  })

  it.each([
    ['nothing is left', answer(200, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' })],
    ['it was one too many', answer(429, { 'retry-after': '30' })],
    ['nothing is left, in the newest spelling', answer(200, { ratelimit: '"default";r=0;t=30' })],
  ])('waits, here and in other workers, when an answer says that %s', async (name, outcome) => {
    const one = createRequestBudget({ key: name, requests: 100, perSeconds: 1 })
    const other = createRequestBudget({ key: name, requests: 100, perSeconds: 1 })
    expect(await one.take()).toBe(0)
    one.heed(outcome)
    expect(one.isPaused()).toBe(true)
    expect(Math.round((await one.take()) / 1000)).toBe(30)
    await delay(50)
    expect(Math.round((await other.take()) / 1000)).toBe(30)
  })

  it('goes on when something is left, or an error is not about the limit', async () => {
    const budget = createRequestBudget({ key: 'left', requests: 100, perSeconds: 1 })
    budget.heed(answer(200, { 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '30' }))
    budget.heed(answer(500, { 'x-ratelimit-reset': '30' }))
    expect(budget.isPaused()).toBe(false)
  })

  it('is one for an origin and credential, and keeps neither of them', async () => {
    const limit = { requests: 1, perSeconds: 60 }
    const mine = { ...limit, credential: ['bearer', { parts: [{ secret: 'KEY' }] }] }
    expect(await requestBudget(mine, 'http://secret-host.test/a').take()).toBe(0)
    expect(await requestBudget({ ...mine }, 'http://secret-host.test/b?c').take()).toBeGreaterThan(0)
    expect(await requestBudget(mine, 'http://secret-host.test:81/a').take()).toBe(0)
    expect(await requestBudget({ ...limit, credential: null }, 'http://secret-host.test/a').take()).toBe(0)
    const { rows } = await pool().query<{ key: string }>('SELECT key FROM noetl.rate_budget')
    expect(JSON.stringify(rows)).not.toMatch(/secret-host|KEY/)
  })
})
