import { createHash } from 'node:crypto'
import type { ElementBudget } from '@/domain/execution/element-budget'
import type { HttpOutcome } from '@/domain/http-message'
import { readBudgetPause } from '@/domain/retry/asked-wait'
import { reserveSlots, type Budget } from '../db/reserve-slots'
import { log } from '../log'
import { createPauses } from './budget-pauses'

/** A request that may go out in so many milliseconds; or none, for the API lets nothing pass for longer than may be waited. */
export type Slot = { isGranted: true; waitMs: number } | { isGranted: false; pauseMs: number }

export type RequestBudget = {
  /** Reserves one request, unless it had to wait longer than `mostPauseMs` for what the API asked for. Throws when the database is away. */
  take(mostPauseMs: number): Promise<Slot>
  /** True while the API has asked for a pause, this worker or another: slots reserved before are void. Throws when the database is away. */
  isPaused(): Promise<boolean>
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

type Waiter = { mostPauseMs: number; resolve: (slot: Slot) => void; reject: (error: unknown) => void }

/** Whoever asks while a statement is under way is served by the next one; when many ask, spare slots spare statements. */
export function createRequestBudget(budget: Budget): RequestBudget {
  const holdMs = Math.min(HOLD_MS, (budget.perSeconds * 1000) / 20)
  const mostSpare = Math.floor((budget.requests * holdMs) / (budget.perSeconds * 1000))
  let waiting: Waiter[] = []
  let spare = { slots: 0, until: 0 }
  let takenSince = { count: 0, from: performance.now() }
  const pauses = createPauses(budget)
  let reserving = false

  const serve = async (): Promise<void> => {
    const served = waiting.splice(0, MOST_AT_ONCE)
    const askedAt = performance.now()
    const perHold = (takenSince.count * holdMs) / Math.max(1, askedAt - takenSince.from)
    takenSince = { count: 0, from: askedAt }
    try {
      await pauses.written()
      const mostPauseMs = Math.min(...served.map((waiter) => waiter.mostPauseMs))
      const wanted = { wanted: served.length, spare: Math.min(mostSpare, Math.round(perHold)), holdMs, mostPauseMs }
      const { waits, pauseMs } = await reserveSlots(budget, wanted)
      pauses.note(pauseMs)
      if (waits.length === 0) {
        for (const waiter of served) {
          if (waiter.mostPauseMs < pauseMs) waiter.resolve({ isGranted: false, pauseMs })
          else waiting.push(waiter)
        }
        return
      }
      spare = { slots: waits.length - served.length, until: askedAt + holdMs }
      served.forEach(({ resolve }, place) =>
        resolve({ isGranted: true, waitMs: Math.max(pauses.leftMs(), waits[place] ?? 0) }),
      )
    } catch (error) {
      for (const { reject } of served) reject(error)
    }
  }

  const serveAll = async (): Promise<void> => {
    reserving = true
    while (waiting.length > 0) await serve()
    reserving = false
  }

  const take = (mostPauseMs: number): Promise<Slot> => {
    takenSince.count += 1
    const now = performance.now()
    if (spare.slots > 0 && now < spare.until && pauses.leftMs() === 0) {
      spare.slots -= 1
      return Promise.resolve({ isGranted: true, waitMs: 0 })
    }
    return new Promise((resolve, reject) => {
      waiting.push({ mostPauseMs, resolve, reject })
      if (!reserving) void serveAll()
    })
  }

  return {
    take,
    async isPaused() {
      await pauses.look()
      return pauses.leftMs() > 0
    },
    heed(outcome) {
      // They went out already, so it is the requests after them that wait.
      for (let n = 0; n < (outcome.alsoSent ?? 0); n += 1)
        take(Infinity).catch((error: unknown) =>
          log().warn({ err: error }, 'a request of a rate limit was not counted'),
        )
      if (outcome.kind === 'none') return
      const { status, headers } = outcome.response
      const pauseMs = readBudgetPause(status, headers, new Date())
      if (pauseMs !== null) pauses.tell(pauseMs)
    },
  }
}
