import type { Draw } from './draw'
import type { Database } from './model/rows'
import type { Store } from './model/store'
import type { Faults, Scenario } from './scenario'
import type { Scheduler } from './scheduler'
import type { ScriptedApi } from './scripted-api'
import type { TicketQueue } from './ticket-queue'
import type { Turn, Witness } from './watch'

/** What all processes of a simulation share. */
export type World = {
  scenario: Scenario
  scheduler: Scheduler
  draw: Draw
  db: Database
  store: Store
  api: ScriptedApi
  queue: TicketQueue
  witness: Witness
  /** None once it is calm. */
  faults: () => Faults
  /** The database answers nobody until then. */
  downUntil: number
  /** Counts a call, and says whether the process that makes it dies of it. */
  fateOfCall: () => 'before' | 'after' | null
  nextTurn: (worker: string) => Turn
  /** While a worker is frozen, or an answer or a ticket is late or lost, nobody promises how soon something goes on. */
  disturb: (forMs: number) => void
  /** When somebody paused the run last. */
  pausedAt: number
  /** When the last of these was over. */
  quietSince: () => number
  note: (who: string, what: () => string) => void
}

/** Cancelling and pausing act within a second, and the ways to the database and back. */
export const ACTS_WITHIN_MS = 1_000 + 50

/** The database's clock at the start. */
export const EPOCH_MS = Date.parse('2026-01-01T00:00:00Z')

/** An error as `pg` has it for a connection that is gone. */
export const connectionError = (): Error =>
  Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' })
