import { isTerminalEvent, type EventType } from '@/domain/execution/events'
import { pool } from './pool'

/** One event as it is sent: `json` is the row of events.md as JSON text, with the numbers in `context` digit for digit. */
export type LoggedEvent = { seq: number; type: EventType; json: string }

/** `ended` when the last event of the log, not of this part, is a terminal one. */
export type LogPart = { lastSeq: number; ended: boolean; events: LoggedEvent[] }

type EventRow = {
  event_id: string
  seq: number | null
  event_type: EventType
  status: string
  node_name: string | null
  iteration_index: number | null
  page: number | null
  attempt: number | null
  context: string
  created_at: Date
}
type PartRow = EventRow & { last_seq: number; last_type: EventType | null }

const COLUMNS = `e.event_id, e.seq, e.event_type, e.status, e.node_name, e.iteration_index, e.page, e.attempt,
  e.context::text AS context, e.created_at`

/**
 * `seq` is dense, so a range of it is a limit; one statement, so the head and the events are of one snapshot. The last
 * event is looked up once by its key: as a join it was planned as a scan of the whole log.
 */
const READ_PART = `
  WITH head AS MATERIALIZED (
    SELECT x.last_seq,
      (SELECT l.event_type FROM noetl.event l WHERE l.execution_id = $1 AND l.seq = x.last_seq) AS last_type
    FROM noetl.execution x WHERE x.execution_id = $1 AND x.removed_at IS NULL
  )
  SELECT head.last_seq, head.last_type, ${COLUMNS}
  FROM head
  LEFT JOIN noetl.event e ON e.execution_id = $1 AND e.seq > $2 AND e.seq <= $2 + $3
  ORDER BY e.seq`

/** At most `limit` events after `after`, and where the log stands; null when there is no such execution. */
export async function readLogPart(executionId: string, after: number, limit: number): Promise<LogPart | null> {
  const { rows } = await pool().query<PartRow>({
    name: 'read-log-part',
    text: READ_PART,
    values: [executionId, Math.min(after, MAX_SEQ - limit), limit],
  })
  const head = rows[0]
  if (head === undefined) return null
  return {
    lastSeq: head.last_seq,
    ended: head.last_type !== null && isTerminalEvent(head.last_type),
    events: rows.flatMap(loggedEvent(executionId)),
  }
}

/** Leaves room to add a limit in PostgreSQL's `integer`. */
const MAX_SEQ = 2_147_483_647

const READ_OF_TYPE = `
  SELECT ${COLUMNS} FROM noetl.event e
  WHERE e.execution_id = $1 AND e.seq > $2 AND e.event_type = $3
  ORDER BY e.seq LIMIT $4`

/** At most `limit` events of one type after `after`. */
export async function readEventsOfType(
  executionId: string,
  wanted: { after: number; type: EventType; limit: number },
): Promise<LoggedEvent[]> {
  const { rows } = await pool().query<EventRow>(READ_OF_TYPE, [executionId, wanted.after, wanted.type, wanted.limit])
  return rows.flatMap(loggedEvent(executionId))
}

const loggedEvent =
  (executionId: string) =>
  (row: EventRow): LoggedEvent[] => {
    if (row.seq === null) return []
    const facts = JSON.stringify({
      event_id: row.event_id,
      execution_id: executionId,
      seq: row.seq,
      event_type: row.event_type,
      status: row.status,
      node_name: row.node_name,
      iteration_index: row.iteration_index,
      page: row.page,
      attempt: row.attempt,
      created_at: row.created_at.toISOString(),
    })
    return [{ seq: row.seq, type: row.event_type, json: `${facts.slice(0, -1)},"context":${row.context}}` }]
  }
