import { z } from 'zod'
import type { Json } from '../json'
import { executionStatusSchema, idSchema, limitParam, listOf, playbookPathSchema, timestampSchema } from './fields'

export const missedPolicySchema = z.enum(['skip', 'run_once', 'run_all'])
export const overlapPolicySchema = z.enum(['skip', 'allow'])

const workloadSchema = z.record(z.string(), z.custom<Json>())
const versionSchema = z.number().int().min(1).nullable().describe('null: the newest version at each run')
const cronSchema = z.string().min(1).max(200).describe('five fields, or @hourly, @daily, @weekly, @monthly, @yearly')
const timeZoneSchema = z.string().min(1).max(64).describe('a name of the IANA database, such as Europe/Berlin')

export const createScheduleSchema = z.strictObject({
  path: playbookPathSchema,
  version: versionSchema.default(null),
  cron: cronSchema,
  time_zone: timeZoneSchema.default('UTC'),
  missed: missedPolicySchema
    .default('skip')
    .describe('due times at which nothing ran: left out, one run, or up to 100'),
  overlap: overlapPolicySchema.default('skip').describe('a due time that meets a run of this schedule'),
  workload: workloadSchema.default({}),
  paused: z.boolean().default(false),
})
export type CreateSchedule = z.infer<typeof createScheduleSchema>

/** What is left out stays as it is. */
export const changeScheduleSchema = z.strictObject({
  version: versionSchema.optional(),
  cron: cronSchema.optional(),
  time_zone: timeZoneSchema.optional(),
  missed: missedPolicySchema.optional(),
  overlap: overlapPolicySchema.optional(),
  workload: workloadSchema.optional(),
  paused: z.boolean().optional(),
})
export type ChangeSchedule = z.infer<typeof changeScheduleSchema>

/** A due time and what became of it. */
export const scheduleRunSchema = z.object({
  due_at: timestampSchema,
  status: z.enum(['WAITING', 'STARTED', 'SKIPPED', 'FAILED']),
  reason: z.enum(['missed', 'overlap', 'asked', 'paused', 'invalid']).nullable(),
  covers: z.number().int().describe('due times this entry stands for'),
  detail: z.string().nullable(),
  execution_id: idSchema.nullable(),
  execution_status: executionStatusSchema.nullable(),
})
export type ScheduleRun = z.infer<typeof scheduleRunSchema>

export const scheduleSchema = z.object({
  schedule_id: idSchema,
  path: z.string(),
  version: z.number().int().nullable(),
  cron: z.string(),
  time_zone: z.string(),
  missed: missedPolicySchema,
  overlap: overlapPolicySchema,
  workload: z.record(z.string(), z.unknown()),
  paused: z.boolean(),
  next_run_at: timestampSchema.nullable(),
  last_run: scheduleRunSchema.nullable(),
  created_at: timestampSchema,
  updated_at: timestampSchema,
})
export type ScheduleAnswer = z.infer<typeof scheduleSchema>

export const listSchedulesQuerySchema = z.strictObject({
  path: playbookPathSchema.optional(),
  upcoming: z.enum(['1', 'true']).optional().describe('only those that will run, the soonest first; no cursor'),
  cursor: idSchema.optional(),
  limit: limitParam(500, 100),
})
export type ListSchedulesQuery = z.infer<typeof listSchedulesQuerySchema>
export const scheduleListSchema = listOf(scheduleSchema)
export type ScheduleList = z.infer<typeof scheduleListSchema>

export const listScheduleRunsQuerySchema = z.strictObject({
  cursor: timestampSchema.optional(),
  limit: limitParam(500, 50),
})
export type ListScheduleRunsQuery = z.infer<typeof listScheduleRunsQuerySchema>
export const scheduleRunListSchema = listOf(scheduleRunSchema)
export type ScheduleRunList = z.infer<typeof scheduleRunListSchema>

export const previewScheduleQuerySchema = z.strictObject({
  cron: z.string().max(200),
  time_zone: z.string().max(64).default('UTC'),
  count: limitParam(50, 5),
})
/** Something half written is no mistake: what is wrong with it is an answer. */
export const schedulePreviewSchema = z.object({
  times: z.array(timestampSchema),
  problem: z.object({ path: z.string(), message: z.string() }).nullable(),
})
export type SchedulePreview = z.infer<typeof schedulePreviewSchema>
