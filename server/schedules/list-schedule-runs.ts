import type { ListScheduleRunsQuery, ScheduleRunList } from '@/domain/api/schedules'
import { pool } from '../db/pool'
import { noSuchSchedule, SCHEDULE_RUN_COLUMNS, scheduleRunAnswer, type ScheduleRunRow } from './schedule-row'

/** The due times of a schedule that were decided about, newest first. Throws DomainError('not_found'). */
export async function listScheduleRuns(id: string, { cursor, limit }: ListScheduleRunsQuery): Promise<ScheduleRunList> {
  const { rowCount } = await pool().query('SELECT FROM noetl.schedule WHERE schedule_id = $1', [id])
  if (rowCount === 0) throw noSuchSchedule(id)
  const { rows } = await pool().query<ScheduleRunRow>(
    `SELECT ${SCHEDULE_RUN_COLUMNS}
     FROM noetl.schedule_run r LEFT JOIN noetl.execution e ON e.execution_id = r.execution_id
     WHERE r.schedule_id = $1 AND ($2::timestamptz IS NULL OR r.due_at < $2) ORDER BY r.due_at DESC LIMIT $3 + 1`,
    [id, cursor ?? null, limit],
  )
  const items = rows.slice(0, limit).map(scheduleRunAnswer)
  return { items, next_cursor: rows.length > limit ? (items.at(-1)?.due_at ?? null) : null }
}
