import { pool } from '../db/pool'
import { withTransaction } from '../db/with-transaction'
import { removeOldExecutions } from './remove-old-executions'

/** Any two of our locks differ; this one says who removes. */
const RETENTION_LOCK = 7_236_003

/** Of every few seconds: runs go before the removal of runs. */
const TURN_MS = 500

/** Removes for half a second what is kept no longer. One worker at a time does this; the others return at once. */
export async function retain(): Promise<number> {
  return withTransaction(async (leader) => {
    // Of a process that falls silent here the transaction is ended by the server, and the lock with it.
    const lock = await leader.query<{ taken: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS taken', [
      RETENTION_LOCK,
    ])
    if (lock.rows[0]?.taken !== true) return 0
    const until = Date.now() + TURN_MS
    return removeOldExecutions(pool(), { isOver: () => Date.now() > until })
  })
}
