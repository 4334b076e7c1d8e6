import { readBudgetPause } from '@/domain/retry/asked-wait'
import type { RequestBudget } from '@/server/executions/request-budget'
import type { SimProcess } from './sim-process'
import type { World } from './world'

/** What another process was told of a pause is looked up this often. */
const LOOK_MS = 1_000

/** A rate limit that all processes share: one request every 250 ms, and none while its API has asked for a pause. */
export function createSlots(world: World, process: SimProcess): RequestBudget {
  const { db, store, witness } = world
  let known = { until: 0, lookedAt: -Infinity }
  let written: Promise<unknown> = Promise.resolve()
  const note = (pauseMs: number): void => {
    known = { until: Math.max(known.until, db.now() + pauseMs), lookedAt: db.now() }
  }
  return {
    async take(mostPauseMs) {
      await written
      const { slot, pauseMs } = await process.call('a slot', () => store.reserveSlot(db, mostPauseMs))
      note(pauseMs)
      if (!slot.isGranted) witness.met('slots refused')
      return slot
    },
    async isPaused() {
      if (db.now() >= Math.max(known.lookedAt + LOOK_MS, known.until))
        note(await process.call('a look at a pause', () => store.readPause(db)))
      return known.until > db.now()
    },
    heed(outcome) {
      if (outcome.kind === 'none') return
      const { status, headers } = outcome.response
      const pauseMs = readBudgetPause(status, headers, new Date(process.now()))
      if (pauseMs === null) return
      witness.limited(pauseMs)
      if (db.now() + pauseMs <= known.until) return
      known = { ...known, until: db.now() + pauseMs }
      const write = process.call('a pause', () => store.blockBudget(db, pauseMs)).catch(() => undefined)
      written = Promise.all([written, write])
    },
  }
}
