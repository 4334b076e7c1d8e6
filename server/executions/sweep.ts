import { pool, type Queryable } from '../db/pool'
import { withTransaction } from '../db/with-transaction'
import { faultPoint } from '../fault-point'
import { sendTickets, type Ticket } from './tickets'

type LooseIteration = { executionId: string; step: string; index: number; epoch: number }
type LooseExecution = { executionId: string; seq: number }

type IterationPlace = Omit<LooseIteration, 'epoch'>

/** Before every other. */
const FIRST_EXECUTION = '0'
const FIRST_ITERATION: IterationPlace = { executionId: FIRST_EXECUTION, step: '', index: -2 }

/** Any two of our locks differ; this one says who sweeps. */
const SWEEPER_LOCK = 7_236_001

/** Tickets a turn: the rest comes with the next, a few seconds later. */
const MOST = 1_000

/** A ticket this young is on its way, or waits its turn in the queue. */
const LOST_AFTER = `interval '3 seconds'`

/** From a place on, in order: of a step that holds the place what comes behind it, and every step after that one whole. */
const RUNNING_STEPS = `
  SELECT s.execution_id, s.step, s.released, s.released_at,
    CASE WHEN s.execution_id = $1::bigint AND s.step = $2::text THEN $3::int ELSE -2 END AS behind
  FROM noetl.execution e
  JOIN noetl.step s ON s.execution_id = e.execution_id AND s.status = 'RUNNING'
  WHERE e.status = 'RUNNING' AND e.execution_id >= $1::bigint
    AND (s.execution_id, s.step) >= ($1::bigint, $2::text)`

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
     WHERE execution_id = r.execution_id AND step = r.step AND status = 'RUNNING' AND iteration_index > r.behind
       AND (lease_until IS NULL OR lease_until < clock_timestamp()) ORDER BY iteration_index LIMIT ${MOST})
    UNION ALL
    (SELECT iteration_index, epoch FROM noetl.iteration
     WHERE execution_id = r.execution_id AND step = r.step AND status = 'WAITING' AND iteration_index > r.behind
       AND (next_attempt_at IS NULL OR next_attempt_at < clock_timestamp())
       AND (lease_until IS NULL OR lease_until < clock_timestamp()) ORDER BY iteration_index LIMIT ${MOST})
    UNION ALL
    (SELECT iteration_index, epoch FROM noetl.iteration
     WHERE execution_id = r.execution_id AND step = r.step AND status = 'PENDING' AND iteration_index > r.behind
       AND iteration_index < r.released AND next_attempt_at IS NULL
       AND (r.released_at IS NULL OR r.released_at < clock_timestamp() - ${LOST_AFTER})
     ORDER BY iteration_index LIMIT ${MOST})
  ) AS i
  ORDER BY r.execution_id, r.step, i.iteration_index
  LIMIT ${MOST}`

/**
 * Executions behind a place nothing was written to for a while: a turn of the orchestrator costs one row lock and finds
 * what was missed. Each status is a range of its index, so those that have ended cost nothing.
 */
const EXECUTIONS = `
  (SELECT e.execution_id AS "executionId", e.last_seq AS seq
   FROM noetl.execution e
   WHERE e.status = 'PENDING' AND e.execution_id > $1::bigint AND e.created_at < clock_timestamp() - interval '1 second'
   ORDER BY e.execution_id LIMIT ${MOST})
  UNION ALL
  (SELECT e.execution_id, e.last_seq
   FROM noetl.execution e
   WHERE e.status = 'RUNNING' AND e.execution_id > $1::bigint AND NOT EXISTS (
     SELECT FROM noetl.step s
     CROSS JOIN LATERAL (
       SELECT FROM noetl.iteration i
       WHERE i.execution_id = s.execution_id AND i.step = s.step AND i.status = 'RUNNING'
         AND i.lease_until > clock_timestamp() LIMIT 1
     ) AS held
     WHERE s.execution_id = e.execution_id AND s.status = 'RUNNING')
   ORDER BY e.execution_id LIMIT ${MOST})
  ORDER BY "executionId"
  LIMIT ${MOST}`

/** What a sweep asks the database from the start, for a look at its plans. */
export const SWEEP_STATEMENTS = {
  iterations: { text: ITERATIONS, values: valuesOf(FIRST_ITERATION) },
  executions: { text: EXECUTIONS, values: [FIRST_EXECUTION] },
}

/** In order and behind a place, at most so many as a sweep takes. */
export const looseIterations = async (
  db: Queryable = pool(),
  behind: IterationPlace = FIRST_ITERATION,
): Promise<LooseIteration[]> =>
  (await db.query<LooseIteration>({ name: 'sweep-iterations', text: ITERATIONS, values: valuesOf(behind) })).rows

/** As `looseIterations`, of executions. */
export const looseExecutions = async (db: Queryable = pool(), behind = FIRST_EXECUTION): Promise<LooseExecution[]> =>
  (await db.query<LooseExecution>({ name: 'sweep-executions', text: EXECUTIONS, values: [behind] })).rows

/**
 * Where this process's last sweep ended. What has a ticket already stays loose until a worker takes it, so a sweep that
 * began at the start each time would hide whatever lies behind the first so many.
 */
let ended = { iteration: FIRST_ITERATION, execution: FIRST_EXECUTION }

/**
 * Writes a new ticket for everything the database says should move and nobody holds, a part a turn; a ticket that is
 * still in the queue swallows its double. One worker at a time does this, whoever gets the lock; the others return at once.
 */
export async function sweep(): Promise<number> {
  return withTransaction(async (client) => {
    // Of a process that falls silent here the transaction is ended by the server, and the lock with it.
    const lock = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS taken', [SWEEPER_LOCK])
    if (lock.rows[0]?.taken !== true) return 0
    const iterations = await looseIterations(client, ended.iteration)
    const executions = await looseExecutions(client, ended.execution)
    const tickets: Ticket[] = [
      ...iterations.map((payload) => ({ name: 'element' as const, payload })),
      ...executions.map((payload) => ({ name: 'orchestrate' as const, payload })),
    ]
    faultPoint('sweeping')
    await sendTickets(tickets)
    ended = {
      iteration: lastOf(iterations) ?? FIRST_ITERATION,
      execution: lastOf(executions)?.executionId ?? FIRST_EXECUTION,
    }
    return tickets.length
  })
}

/** The last of a turn that had all it may take; null when there was no more, so that the next begins at the start. */
const lastOf = <Loose>(found: readonly Loose[]): Loose | null => (found.length < MOST ? null : (found.at(-1) ?? null))

function valuesOf({ executionId, step, index }: IterationPlace): [string, string, number] {
  return [executionId, step, index]
}
