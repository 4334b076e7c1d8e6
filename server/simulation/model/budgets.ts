import type { Slot } from '@/server/executions/request-budget'
import type { Database } from './rows'

const SPACE_MS = 250

/** As `noetl.reserve_slots` for one request of a budget of four a second, without its bursts. */
export function reserveSlot(db: Database, mostPauseMs: number): { slot: Slot; pauseMs: number } {
  const { budget } = db
  const pauseMs = Math.max(0, budget.blockedUntil - db.now())
  if (pauseMs > mostPauseMs) return { slot: { isGranted: false, pauseMs }, pauseMs }
  const at = Math.max(db.now(), budget.nextAt, budget.blockedUntil)
  budget.nextAt = at + SPACE_MS
  return { slot: { isGranted: true, waitMs: at - db.now() }, pauseMs }
}

/** As `blockBudget` of server/db/reserve-slots.ts. */
export function blockBudget({ budget, now }: Database, forMs: number): void {
  budget.blockedUntil = Math.max(budget.blockedUntil, now() + forMs)
}

/** As `readPause` of server/db/reserve-slots.ts. */
export const readPause = ({ budget, now }: Database): number => Math.max(0, budget.blockedUntil - now())
