import { executionStatusSchema } from '@/domain/api/fields'
import {
  missedPolicySchema,
  overlapPolicySchema,
  scheduleRunSchema,
  type ScheduleAnswer,
  type ScheduleRun,
} from '@/domain/api/schedules'
import { DomainError } from '@/domain/domain-error'
import type { JsonObject } from '@/domain/json'

export type ScheduleRow = {
  schedule_id: string
  path: string
  version: number | null
  cron: string
  time_zone: string
  missed: string
  overlap: string
  workload: JsonObject
  paused: boolean
  next_run_at: Date | null
  created_at: Date
  updated_at: Date
}

export type ScheduleRunRow = {
  due_at: Date
  status: string
  reason: string | null
  covers: number
  detail: string | null
  execution_id: string | null
  execution_status: string | null
}

/** Columns of `noetl.schedule s`. */
export const SCHEDULE_COLUMNS = `s.schedule_id, s.path, s.version, s.cron, s.time_zone, s.missed, s.overlap, s.workload,
  s.paused, s.next_run_at, s.created_at, s.updated_at`

/** Columns of `noetl.schedule_run r` and its execution `e`. */
export const SCHEDULE_RUN_COLUMNS = `r.due_at, r.status, r.reason, r.covers, r.detail, r.execution_id,
  e.status AS execution_status`

/** A schedule as the API gives it. */
export function scheduleAnswer(row: ScheduleRow, lastRun: ScheduleRunRow | null): ScheduleAnswer {
  return {
    ...row,
    missed: missedPolicySchema.parse(row.missed),
    overlap: overlapPolicySchema.parse(row.overlap),
    next_run_at: row.next_run_at?.toISOString() ?? null,
    last_run: lastRun === null ? null : scheduleRunAnswer(lastRun),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}

/** A due time as the API gives it. */
export const scheduleRunAnswer = (row: ScheduleRunRow): ScheduleRun => ({
  due_at: row.due_at.toISOString(),
  status: scheduleRunSchema.shape.status.parse(row.status),
  reason: scheduleRunSchema.shape.reason.parse(row.reason),
  covers: row.covers,
  detail: row.detail,
  execution_id: row.execution_id,
  execution_status: executionStatusSchema.nullable().parse(row.execution_status),
})

export const noSuchSchedule = (id: string): DomainError => new DomainError('not_found', `There is no schedule ${id}.`)
