import type { CreateSchedule, ScheduleAnswer } from '@/domain/api/schedules'
import { pool } from '../db/pool'
import { toJsonb } from '../db/to-jsonb'
import { findSource } from '../executions/start-execution'
import { setAlarm } from '../queue/alarms'
import { checkedCron, firstDue } from './check-schedule'
import { scheduleAnswer, SCHEDULE_COLUMNS, type ScheduleRow } from './schedule-row'

/** Lets a registered playbook run by itself. Throws DomainError: `not_found` (no such playbook), `invalid_request` with the field. */
export async function createSchedule(request: CreateSchedule, now = new Date()): Promise<ScheduleAnswer> {
  const { path, version, missed, overlap, workload, paused } = request
  const when = checkedCron({ cron: request.cron, timeZone: request.time_zone })
  const first = firstDue(when, now)
  await findSource({ path, ...(version !== null && { version }), trigger: {} })
  const { rows } = await pool().query<ScheduleRow>(
    `INSERT INTO noetl.schedule AS s (path, version, cron, time_zone, missed, overlap, workload, paused, next_run_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ${SCHEDULE_COLUMNS}`,
    [path, version, when.cron, when.timeZone, missed, overlap, toJsonb(workload), paused, paused ? null : first],
  )
  const row = rows[0]
  if (row === undefined) throw new Error('The schedule was not recorded.')
  if (!paused) await setAlarm(row.schedule_id, when)
  return scheduleAnswer(row, null)
}
