import { createHash } from 'node:crypto'
import type { ElementBudget } from '@/domain/execution/element-budget'
import type { HttpOutcome } from '@/domain/http-message'
import { readBudgetPause } from '@/domain/retry/asked-wait'
import { blockBudget, reserveSlots, type Budget } from '../db/reserve-slots'
import { log } from '../log'

export type RequestBudget = {
  /** Reserves one request and gives back the milliseconds until it may go out. Throws when the database is away. */
  take(): Promise<number>
  /** True while the API has asked for a pause: slots reserved before are void. */
  isPaused(): boolean
  /** Takes in what an answer says of what is left, and the requests that it cost beyond the one reserved, for all workers. */
  heed(outcome: HttpOutcome): void
}

/** A large budget is taken in parts of what may go out in this time, or a twentieth of the time it is for. */
const HOLD_MS = 50
const MOST_AT_ONCE = 200
const MOST_BUDGETS = 1_000

const budgets = new Map<string, RequestBudget>()

/** The budget of requests to this URL: of its origin and credential, and shared with all workers. */
export function requestBudget(limit: ElementBudget, url: string): RequestBudget {
  const { requests, perSeconds } = limit
  const key = budgetKey(limit, url)
  const name = `${key} ${requests}/${perSeconds}`
  const known = budgets.get(name)
  if (known !== undefined) return known
  const made = createRequestBudget({ key, requests, perSeconds })
  if (budgets.size >= MOST_BUDGETS) budgets.delete(budgets.keys().next().value ?? '')
  budgets.set(name, made)
  return made
}

/** The row of a budget. Both facts are hashed: an address may be a secret, and a credential may stand in the playbook itself. */
export function budgetKey({ credential }: ElementBudget, url: string): string {
  const facts = JSON.stringify([new URL(url).origin, credential])
  return createHash('sha256').update(facts).digest('hex')
}

type Waiter = { resolve: (waitMs: number) => void; reject: (error: unknown) => void }

/** Whoever asks while a statement is under way is served by the next one; when many ask, spare slots spare statements. */
export function createRequestBudget(budget: Budget): RequestBudget {
  const holdMs = Math.min(HOLD_MS, (budget.perSeconds * 1000) / 20)
  const mostSpare = Math.floor((budget.requests * holdMs) / (budget.perSeconds * 1000))
  let waiting: Waiter[] = []
  let spare = { slots: 0, until: 0 }
  let takenSince = { count: 0, from: performance.now() }
  let pausedUntil = 0
  let reserving = false

  const serve = async (): Promise<void> => {
    const served = waiting.splice(0, MOST_AT_ONCE)
    const askedAt = performance.now()
    const perHold = (takenSince.count * holdMs) / Math.max(1, askedAt - takenSince.from)
    takenSince = { count: 0, from: askedAt }
    try {
      const wanted = { wanted: served.length, spare: Math.min(mostSpare, Math.round(perHold)), holdMs }
      const waits = await reserveSlots(budget, wanted)
      spare = { slots: Math.max(0, waits.length - served.length), until: askedAt + holdMs }
      const pauseMs = Math.max(0, pausedUntil - performance.now())
      served.forEach(({ resolve }, place) => resolve(Math.max(pauseMs, waits[place] ?? 0)))
    } catch (error) {
      for (const { reject } of served) reject(error)
    }
  }

  const serveAll = async (): Promise<void> => {
    reserving = true
    while (waiting.length > 0) await serve()
    reserving = false
  }

  const take = (): Promise<number> => {
    takenSince.count += 1
    const now = performance.now()
    if (spare.slots > 0 && now < spare.until && now >= pausedUntil) {
      spare.slots -= 1
      return Promise.resolve(0)
    }
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject })
      if (!reserving) void serveAll()
    })
  }

  return {
    take,
    isPaused: () => performance.now() < pausedUntil,
    heed(outcome) {
      // They went out already, so it is the requests after them that wait.
      for (let n = 0; n < (outcome.alsoSent ?? 0); n += 1)
        take().catch((error: unknown) => log().warn({ err: error }, 'a request of a rate limit was not counted'))
      if (outcome.kind === 'none') return
      const { status, headers } = outcome.response
      const pauseMs = readBudgetPause(status, headers, new Date())
      if (pauseMs === null || performance.now() + pauseMs <= pausedUntil) return
      pausedUntil = performance.now() + pauseMs
      blockBudget(budget, pauseMs).catch((error: unknown) => {
        log().warn({ err: error }, 'a pause of a rate limit was not written')
      })
    },
  }
}
