import type { RequestBudget } from '@/server/executions/request-budget'
import type { Database } from './model/rows'
import type { SimProcess } from './sim-process'

const SPACE_MS = 250

const nextSlots = new WeakMap<Database, number>()

/** A rate limit that all processes share: one request every 250 ms. */
export const createSlots = (db: Database, process: SimProcess): RequestBudget => ({
  take: () =>
    process.call('a slot', () => {
      const at = Math.max(db.now(), nextSlots.get(db) ?? 0)
      nextSlots.set(db, at + SPACE_MS)
      return { isGranted: true, waitMs: at - db.now() }
    }),
  isPaused: () => Promise.resolve(false),
  heed: () => undefined,
})
