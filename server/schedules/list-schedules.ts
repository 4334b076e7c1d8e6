import type { ListSchedulesQuery, ScheduleAnswer, ScheduleList } from '@/domain/api/schedules'
import { pool } from '../db/pool'
import {
  noSuchSchedule,
  SCHEDULE_COLUMNS,
  SCHEDULE_RUN_COLUMNS,
  scheduleAnswer,
  type ScheduleRow,
  type ScheduleRunRow,
} from './schedule-row'

type Row = ScheduleRow & { last_run: (Omit<ScheduleRunRow, 'due_at'> & { due_at: string }) | null }

const SELECT = `
  SELECT ${SCHEDULE_COLUMNS}, to_jsonb(l) AS last_run
  FROM noetl.schedule s
  LEFT JOIN LATERAL (
    SELECT ${SCHEDULE_RUN_COLUMNS.replace('r.execution_id', 'r.execution_id::text')}
    FROM noetl.schedule_run r LEFT JOIN noetl.execution e ON e.execution_id = r.execution_id
    WHERE r.schedule_id = s.schedule_id ORDER BY r.due_at DESC LIMIT 1
  ) AS l ON true`

/** Schedules by id, or those that will run with the soonest first; each with the last due time that was decided about. */
export async function listSchedules({ path, upcoming, cursor, limit }: ListSchedulesQuery): Promise<ScheduleList> {
  const order = upcoming === undefined ? 's.schedule_id' : 's.next_run_at, s.schedule_id'
  const { rows } = await pool().query<Row>(
    `${SELECT}
     WHERE ($1::text IS NULL OR s.path = $1) AND s.schedule_id > $2 ${upcoming === undefined ? '' : 'AND s.next_run_at IS NOT NULL'}
     ORDER BY ${order} LIMIT $3 + 1`,
    [path ?? null, cursor ?? 0, limit],
  )
  const items = rows.slice(0, limit).map(answerOf)
  const hasMore = upcoming === undefined && rows.length > limit
  return { items, next_cursor: hasMore ? (items.at(-1)?.schedule_id ?? null) : null }
}

/** One schedule. Throws DomainError('not_found'). */
export async function readSchedule(id: string): Promise<ScheduleAnswer> {
  const { rows } = await pool().query<Row>(`${SELECT} WHERE s.schedule_id = $1`, [id])
  const row = rows[0]
  if (row === undefined) throw noSuchSchedule(id)
  return answerOf(row)
}

function answerOf({ last_run: last, ...row }: Row): ScheduleAnswer {
  return scheduleAnswer(row, last === null ? null : { ...last, due_at: new Date(last.due_at) })
}
