import type { ChangeSchedule, ScheduleAnswer } from '@/domain/api/schedules'
import type { Queryable } from '../db/pool'
import { toJsonb } from '../db/to-jsonb'
import { withTransaction } from '../db/with-transaction'
import { findSource } from '../executions/start-execution'
import { clearAlarm, setAlarm } from '../queue/alarms'
import { checkedCron, firstDue } from './check-schedule'
import { readSchedule } from './list-schedules'
import { noSuchSchedule, SCHEDULE_COLUMNS, type ScheduleRow } from './schedule-row'

/**
 * Changes a schedule, pauses it or lets it go on. What is due counts from now: a pause, or a time that was changed, is no
 * miss. Throws DomainError: `not_found`, `invalid_request` with the field.
 */
export async function changeSchedule(id: string, change: ChangeSchedule, now = new Date()): Promise<ScheduleAnswer> {
  const before = await readSchedule(id)
  const version = change.version === undefined ? before.version : change.version
  if (change.version !== undefined) {
    await findSource({ path: before.path, ...(version !== null && { version }), trigger: {} })
  }
  const when = checkedCron({
    cron: change.cron ?? before.cron,
    timeZone: change.time_zone ?? before.time_zone,
  })
  const paused = await withTransaction(async (client) => {
    const row = await lock(client, id)
    const paused = change.paused ?? row.paused
    const isSameTime = when.cron === row.cron && when.timeZone === row.time_zone
    const next = isSameTime && row.next_run_at !== null ? row.next_run_at : firstDue(when, now)
    await client.query(
      `UPDATE noetl.schedule SET version = $2, cron = $3, time_zone = $4, missed = $5, overlap = $6, workload = $7,
         paused = $8, next_run_at = $9, updated_at = clock_timestamp() WHERE schedule_id = $1`,
      [
        id,
        version,
        when.cron,
        when.timeZone,
        change.missed ?? row.missed,
        change.overlap ?? row.overlap,
        toJsonb(change.workload ?? row.workload),
        paused,
        paused ? null : next,
      ],
    )
    if (paused) await leaveOutWaiting(client, id)
    return paused
  })
  await (paused ? clearAlarm(id) : setAlarm(id, when))
  return readSchedule(id)
}

async function lock(client: Queryable, id: string): Promise<ScheduleRow> {
  const { rows } = await client.query<ScheduleRow>(
    `SELECT ${SCHEDULE_COLUMNS} FROM noetl.schedule s WHERE s.schedule_id = $1 FOR UPDATE`,
    [id],
  )
  const row = rows[0]
  if (row === undefined) throw noSuchSchedule(id)
  return row
}

/** What waited for its turn when the schedule was paused is not run later. */
async function leaveOutWaiting(client: Queryable, id: string): Promise<void> {
  await client.query(
    `UPDATE noetl.schedule_run SET status = 'SKIPPED', reason = 'paused' WHERE schedule_id = $1 AND status = 'WAITING'`,
    [id],
  )
}
