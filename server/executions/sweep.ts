import { pool, type Queryable } from '../db/pool'
import { withTransaction } from '../db/with-transaction'
import { faultPoint } from '../fault-point'
import { sendTickets, type Ticket } from './tickets'

type LooseIteration = { executionId: string; step: string; index: number; epoch: number }
type LooseExecution = { executionId: string; seq: number }

/** Any two of our locks differ; this one says who sweeps. */
const SWEEPER_LOCK = 7_236_001

/** Tickets a turn: the rest comes with the next, a few seconds later. */
const MOST = 1_000

/** A ticket this young is on its way, or waits its turn in the queue. */
const LOST_AFTER = `interval '3 seconds'`

const RUNNING_STEPS = `
  SELECT s.execution_id, s.step, s.released, s.released_at
  FROM noetl.execution e
  JOIN noetl.step s ON s.execution_id = e.execution_id AND s.status = 'RUNNING'
  WHERE e.status = 'RUNNING'`

/**
 * Iterations handed out that no live worker holds: their lease is over, their wait is over, or they were never begun.
 * Each is found by its status in the index of its step: at most the loop's concurrency of them, however many elements
 * there are.
 */
const ITERATIONS = `
  WITH running AS MATERIALIZED (${RUNNING_STEPS})
  SELECT r.execution_id AS "executionId", r.step, i.iteration_index AS index, i.epoch
  FROM running r
  CROSS JOIN LATERAL (
    (SELECT iteration_index, epoch FROM noetl.iteration
     WHERE execution_id = r.execution_id AND step = r.step AND status = 'RUNNING'
       AND (lease_until IS NULL OR lease_until < clock_timestamp()) LIMIT ${MOST})
    UNION ALL
    (SELECT iteration_index, epoch FROM noetl.iteration
     WHERE execution_id = r.execution_id AND step = r.step AND status = 'WAITING'
       AND (next_attempt_at IS NULL OR next_attempt_at < clock_timestamp())
       AND (lease_until IS NULL OR lease_until < clock_timestamp()) LIMIT ${MOST})
    UNION ALL
    (SELECT iteration_index, epoch FROM noetl.iteration
     WHERE execution_id = r.execution_id AND step = r.step AND status = 'PENDING' AND iteration_index < r.released
       AND next_attempt_at IS NULL
       AND (r.released_at IS NULL OR r.released_at < clock_timestamp() - ${LOST_AFTER}) LIMIT ${MOST})
  ) AS i
  LIMIT ${MOST}`

/** Executions nothing was written to for a while: a turn of the orchestrator costs one row lock and finds what was missed. */
const EXECUTIONS = `
  SELECT e.execution_id AS "executionId", e.last_seq AS seq
  FROM noetl.execution e
  WHERE e.status = 'PENDING' AND e.created_at < clock_timestamp() - interval '1 second'
    OR e.status = 'RUNNING' AND NOT EXISTS (
      SELECT FROM noetl.step s
      CROSS JOIN LATERAL (
        SELECT FROM noetl.iteration i
        WHERE i.execution_id = s.execution_id AND i.step = s.step AND i.status = 'RUNNING'
          AND i.lease_until > clock_timestamp() LIMIT 1
      ) AS held
      WHERE s.execution_id = e.execution_id AND s.status = 'RUNNING')
  ORDER BY e.execution_id
  LIMIT ${MOST}`

/** What a sweep asks the database, for a look at its plans. */
export const SWEEP_STATEMENTS = { iterations: ITERATIONS, executions: EXECUTIONS }

export const looseIterations = async (db: Queryable = pool()): Promise<LooseIteration[]> =>
  (await db.query<LooseIteration>({ name: 'sweep-iterations', text: ITERATIONS })).rows

export const looseExecutions = async (db: Queryable = pool()): Promise<LooseExecution[]> =>
  (await db.query<LooseExecution>({ name: 'sweep-executions', text: EXECUTIONS })).rows

/**
 * Writes a new ticket for everything the database says should move and nobody holds; a ticket that is still in the queue
 * swallows its double. One worker at a time does this, whoever gets the lock; the others return at once.
 */
export async function sweep(): Promise<number> {
  return withTransaction(async (client) => {
    // Of a process that falls silent here the transaction is ended by the server, and the lock with it.
    const lock = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS taken', [SWEEPER_LOCK])
    if (lock.rows[0]?.taken !== true) return 0
    const iterations = await looseIterations(client)
    const executions = await looseExecutions(client)
    const tickets: Ticket[] = [
      ...iterations.map((payload) => ({ name: 'element' as const, payload })),
      ...executions.map((payload) => ({ name: 'orchestrate' as const, payload })),
    ]
    faultPoint('sweeping')
    await sendTickets(tickets)
    return tickets.length
  })
}
