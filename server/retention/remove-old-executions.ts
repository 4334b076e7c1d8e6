import type { RetentionPolicy } from '@/domain/api/retention'
import type { Queryable } from '../db/pool'
import { log } from '../log'
import { sqlstateOf } from '../executions/sqlstate-of'
import { oldExecutions } from './old-executions'

/** Rows a statement removes: a tenth of a second, also where each is a page of 30 kB. */
const ROWS_A_PART = 500
/** Rows of each table that are looked at to say how large an execution is. */
const SAMPLE = 2_000
const MEASURED_A_TURN = 50
const WINDOW = 200
/** One that runs again by now, or is retried by one that runs. */
const REFUSED = '23001'

type Turn = {
  /** Ends the turn: the rest comes with the next. */
  isOver: () => boolean
}

/**
 * One turn of retention: measures executions that have ended, goes on with one that is half removed, then removes what no
 * policy keeps, a part at a time, each its own transaction. Gives how many executions are gone. One process at a time.
 */
export async function removeOldExecutions(db: Queryable, { isOver }: Turn): Promise<number> {
  await measure(db)
  let removed = 0
  const begun = await halfRemoved(db)
  for (const id of begun) {
    if (!(await removeWhole(db, id, isOver))) return removed
    removed += 1
  }
  for (const { path, ...policy } of await readPolicies(db)) {
    for await (const { executionId } of oldExecutions(db, path, { policy, window: WINDOW })) {
      if (isOver()) return removed
      if (await removeWhole(db, executionId, isOver)) removed += 1
    }
  }
  return removed
}

async function measure(db: Queryable): Promise<void> {
  await db.query({
    name: 'measure-executions',
    text: `SELECT noetl.measure_execution(e.execution_id, ${SAMPLE}) FROM (
             SELECT execution_id FROM noetl.execution
             WHERE stored_bytes IS NULL AND status IN ('COMPLETED', 'FAILED', 'CANCELLED') LIMIT ${MEASURED_A_TURN}
           ) AS e`,
  })
}

/** A process that ended in the middle of one left it hidden, for the next to go on with. */
async function halfRemoved(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ execution_id: string }>({
    name: 'half-removed-executions',
    text: `SELECT execution_id FROM noetl.execution
           WHERE removed_at IS NOT NULL AND parent_execution_id IS NULL ORDER BY removed_at LIMIT 100`,
  })
  return rows.map((row) => row.execution_id)
}

async function readPolicies(db: Queryable): Promise<({ path: string } & RetentionPolicy)[]> {
  const { rows } = await db.query<{ path: string } & RetentionPolicy>({
    name: 'retention-policies',
    text: `SELECT path, keep_days, keep_runs FROM noetl.retention
           WHERE keep_days IS NOT NULL OR keep_runs IS NOT NULL ORDER BY path`,
  })
  return rows
}

/** False when the turn was over before the last part, or the execution may not go now. */
async function removeWhole(db: Queryable, executionId: string, isOver: () => boolean): Promise<boolean> {
  try {
    for (;;) {
      const { rows } = await db.query<{ done: boolean }>({
        name: 'remove-execution',
        text: 'SELECT noetl.remove_execution($1, $2) AS done',
        values: [executionId, ROWS_A_PART],
      })
      if (rows[0]?.done === true) return true
      if (isOver()) return false
    }
  } catch (error) {
    if (sqlstateOf(error) !== REFUSED) throw error
    log().debug({ err: error, executionId }, 'an execution is not removed yet')
    return false
  }
}
