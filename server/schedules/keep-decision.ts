import type { DueDecision } from '@/domain/schedule/decide-due'
import type { Queryable } from '../db/pool'
import { GOES_ON } from './is-schedule-busy'

/** Decided due times that are kept of a schedule. */
const MOST_KEPT = 1_000

type Kept = {
  dueAt: Date
  status: 'WAITING' | 'STARTED' | 'SKIPPED' | 'FAILED'
  reason: DueDecision['reason'] | 'asked' | 'invalid'
  covers: number
  detail: string | null
  executionId: string | null
}

/** Writes down what became of a due time, and forgets the oldest ones; never one whose run goes on, which `isScheduleBusy` looks for. */
export async function keepDecision(client: Queryable, scheduleId: string, kept: Kept): Promise<void> {
  await client.query(
    `INSERT INTO noetl.schedule_run (schedule_id, due_at, status, reason, covers, detail, execution_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp())
     ON CONFLICT (schedule_id, due_at) DO UPDATE SET status = EXCLUDED.status, reason = EXCLUDED.reason,
       covers = EXCLUDED.covers, detail = EXCLUDED.detail, execution_id = EXCLUDED.execution_id`,
    [scheduleId, kept.dueAt, kept.status, kept.reason, kept.covers, kept.detail, kept.executionId],
  )
  await client.query(
    `DELETE FROM noetl.schedule_run r WHERE schedule_id = $1 AND status <> 'WAITING' AND due_at < (
       SELECT due_at FROM noetl.schedule_run WHERE schedule_id = $1 ORDER BY due_at DESC OFFSET $2 LIMIT 1)
       AND NOT EXISTS (SELECT FROM noetl.execution e
         WHERE e.execution_id = r.execution_id AND ${GOES_ON})`,
    [scheduleId, MOST_KEPT],
  )
}

/** The due times that wait for their turn, in order. */
export async function readWaiting(client: Queryable, scheduleId: string): Promise<DueDecision[]> {
  const { rows } = await client.query<{ dueAt: Date; covers: number }>(
    `SELECT due_at AS "dueAt", covers FROM noetl.schedule_run WHERE schedule_id = $1 AND status = 'WAITING' ORDER BY due_at`,
    [scheduleId],
  )
  return rows.map((row) => ({ ...row, do: 'start', reason: 'missed', detail: null }))
}
