import { pool } from '../db/pool'
import { sendTickets, type Ticket } from './tickets'

type LooseIteration = { executionId: string; step: string; index: number; epoch: number }
type LooseExecution = { executionId: string; seq: number }

/** Any two of our locks differ; this one says who sweeps. */
const SWEEPER_LOCK = 7_236_001

/** Tickets a turn: the rest comes with the next, a few seconds later. */
const MOST = 1_000

/** Iterations handed out that no live worker holds: not begun, their lease over, or their wait over. Sequential with `released`, so few. */
const ITERATIONS = `
  SELECT i.execution_id AS "executionId", i.step, i.iteration_index AS index, i.epoch
  FROM noetl.execution e
  JOIN noetl.step s ON s.execution_id = e.execution_id AND s.status = 'RUNNING'
  JOIN noetl.iteration i ON i.execution_id = s.execution_id AND i.step = s.step AND i.iteration_index < s.released
  WHERE e.status = 'RUNNING'
    AND (i.status = 'PENDING'
      OR i.status = 'RUNNING' AND (i.lease_until IS NULL OR i.lease_until < clock_timestamp())
      OR i.status = 'WAITING' AND (i.next_attempt_at IS NULL OR i.next_attempt_at < clock_timestamp())
        AND (i.lease_until IS NULL OR i.lease_until < clock_timestamp()))
  LIMIT ${MOST}`

/** Executions nothing was written to for a while: a turn of the orchestrator costs one row lock and finds what was missed. */
const EXECUTIONS = `
  SELECT e.execution_id AS "executionId", e.last_seq AS seq
  FROM noetl.execution e
  WHERE e.status = 'PENDING' AND e.created_at < clock_timestamp() - interval '1 second'
    OR e.status = 'RUNNING' AND NOT EXISTS (
      SELECT FROM noetl.iteration i
      WHERE i.execution_id = e.execution_id AND i.status = 'RUNNING' AND i.lease_until > clock_timestamp())
  ORDER BY e.execution_id
  LIMIT ${MOST}`

/**
 * Writes a new ticket for everything the database says should move and nobody holds; a ticket that is still in the queue
 * swallows its double. One worker at a time does this, whoever gets the lock; the others return at once.
 */
export async function sweep(): Promise<number> {
  const client = await pool().connect()
  try {
    const lock = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [SWEEPER_LOCK])
    if (lock.rows[0]?.taken !== true) return 0
    try {
      const iterations = await client.query<LooseIteration>({ name: 'sweep-iterations', text: ITERATIONS })
      const executions = await client.query<LooseExecution>({ name: 'sweep-executions', text: EXECUTIONS })
      const tickets: Ticket[] = [
        ...iterations.rows.map((payload) => ({ name: 'element' as const, payload })),
        ...executions.rows.map((payload) => ({ name: 'orchestrate' as const, payload })),
      ]
      await sendTickets(tickets)
      return tickets.length
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [SWEEPER_LOCK])
    }
  } finally {
    client.release()
  }
}
