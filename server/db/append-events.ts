import type { NewEvent } from '@/domain/execution/events'
import { eventColumns } from './event-columns'
import type { Queryable } from './pool'

/** `seq` is given under the execution's row lock: commit order is seq order, and one integer is a safe cursor (P4). */
const APPEND = `
  WITH execution AS (
    UPDATE noetl.execution SET last_seq = last_seq + cardinality($2::text[])
    WHERE execution_id = $1
    RETURNING execution_id, last_seq - cardinality($2::text[]) AS base
  ), appended AS (
    INSERT INTO noetl.event
      (execution_id, seq, event_type, status, node_name, iteration_index, page, attempt, context, created_at)
    SELECT execution_id, base + ord, event_type, status, node_name, iteration_index, page, attempt, context, clock_timestamp()
    FROM execution, unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::int[], $7::int[], $8::jsonb[]) WITH ORDINALITY
      AS new (event_type, status, node_name, iteration_index, page, attempt, context, ord)
    ORDER BY ord
    RETURNING seq
  )
  SELECT max(seq) AS last_seq, pg_notify('noetl_event', $1::text) FROM appended HAVING count(*) > 0`

/**
 * Appends to an execution's log inside the caller's transaction, with one notification, and gives back the last `seq`.
 * Locks the execution's row until the commit. Throws when there is no such execution.
 */
export async function appendEvents(
  client: Queryable,
  executionId: string,
  events: readonly NewEvent[],
): Promise<number> {
  const { rows } = await client.query<{ last_seq: number }>({
    name: 'append-events',
    text: APPEND,
    values: [executionId, ...eventColumns(events)],
  })
  const lastSeq = rows[0]?.last_seq
  if (lastSeq === undefined && events.length > 0)
    throw new Error(`There is no execution ${executionId} to append events to.`)
  return lastSeq ?? readLastSeq(client, executionId)
}

async function readLastSeq(client: Queryable, executionId: string): Promise<number> {
  const { rows } = await client.query<{ last_seq: number }>(
    'SELECT last_seq FROM noetl.execution WHERE execution_id = $1',
    [executionId],
  )
  return rows[0]?.last_seq ?? 0
}
