import type { NewEvent } from '@/domain/execution/events'
import { eventContext } from './event-context'
import type { Queryable } from './pool'

const APPEND = `SELECT noetl.append_events($1, $2::jsonb) AS last_seq`

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
    values: [executionId, eventsJson(events)],
  })
  return rows[0]?.last_seq ?? 0
}

/** The events as the SQL functions of schema `noetl` take them. */
export function eventsJson(events: readonly NewEvent[]): string {
  const parts = events.map(({ context, ...facts }) => {
    const head = JSON.stringify(facts)
    return `${head.slice(0, -1)},"context":${eventContext(context)}}`
  })
  return `[${parts.join(',')}]`
}
