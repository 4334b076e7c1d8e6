import type { Queryable } from '../db/pool'

/** Of an execution `e`: it has not ended. */
export const GOES_ON = `e.status IN ('PENDING', 'RUNNING', 'PAUSED')`

/** True while an execution that the schedule started, by itself or on demand, or a retry of one, has not ended. */
export async function isScheduleBusy(client: Queryable, scheduleId: string): Promise<boolean> {
  return (await busyExecution(client, scheduleId)) !== null
}

/** True while an execution that makes up for a missed time of the schedule has not ended. */
export async function isMakingUp(client: Queryable, scheduleId: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM noetl.schedule_run r JOIN noetl.execution e ON e.execution_id = r.execution_id
     WHERE r.schedule_id = $1 AND r.status = 'STARTED' AND r.reason = 'missed' AND ${GOES_ON} LIMIT 1`,
    [scheduleId],
  )
  return rowCount === 1
}

/** The id of an execution that keeps the schedule busy. */
export async function busyExecution(client: Queryable, scheduleId: string): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT e.execution_id AS id FROM noetl.schedule_run r JOIN noetl.execution e ON e.execution_id = r.execution_id
     WHERE r.schedule_id = $1 AND r.status = 'STARTED' AND ${GOES_ON}
     UNION ALL
     SELECT e.execution_id FROM noetl.execution e
     WHERE e.retried_from IS NOT NULL AND e.trigger ->> 'schedule_id' = $1::text AND ${GOES_ON} LIMIT 1`,
    [scheduleId],
  )
  return rows[0]?.id ?? null
}
