import { z } from 'zod'
import { errorFactsSchema, EVENT_TYPES, executionEventSchema } from '../execution/events'
import type { Json } from '../json'
import {
  countParam,
  executionStatusSchema,
  idSchema,
  limitParam,
  listOf,
  playbookPathSchema,
  timestampSchema,
} from './fields'

/** Either a registered `path` (and `version`), or `content`: exactly this text, saved or not. */
export const runPlaybookSchema = z
  .strictObject({
    path: playbookPathSchema.optional(),
    version: z.number().int().min(1).optional(),
    content: z.string().optional(),
    workload: z.record(z.string(), z.custom<Json>()).default({}),
  })
  .refine((request) => request.path !== undefined || request.content !== undefined, {
    path: ['path'],
    message: 'give the path of a registered playbook, or the content of one',
  })
export type RunPlaybook = z.input<typeof runPlaybookSchema>

export const runAnswerSchema = z.object({ execution_id: idSchema, status: executionStatusSchema })
export type RunAnswer = z.infer<typeof runAnswerSchema>

const executionStatsSchema = z.object({
  elements: z.number().int(),
  failed: z.number().int(),
  pages: z.number().int(),
  items: z.number().int(),
  retries: z.number().int(),
})

export const executionSummarySchema = z.object({
  execution_id: idSchema,
  path: z.string(),
  version: z.number().int().nullable().describe('null when the text that ran is no registered version'),
  status: executionStatusSchema,
  parent_execution_id: idSchema.nullable().describe('the execution that ran this one as a step (tool: playbook)'),
  stats: executionStatsSchema,
  created_at: timestampSchema,
  started_at: timestampSchema.nullable(),
  ended_at: timestampSchema.nullable(),
  error: errorFactsSchema.optional(),
})
export type ExecutionSummary = z.infer<typeof executionSummarySchema>

export const listExecutionsQuerySchema = z.strictObject({
  status: executionStatusSchema.optional(),
  path: playbookPathSchema.optional(),
  parent: idSchema.optional().describe('only the child executions of this one'),
  since: z.iso.datetime({ offset: true }).optional(),
  cursor: idSchema.optional(),
  limit: limitParam(500, 50),
})
export type ListExecutionsQuery = z.infer<typeof listExecutionsQuerySchema>
export const executionListSchema = listOf(executionSummarySchema)
export type ExecutionList = z.infer<typeof executionListSchema>

export const stepSummarySchema = z.object({
  step: z.string(),
  tool: z.string().nullable(),
  status: z.string(),
  total_count: z.number().int().nullable(),
  collection_size: z.number().int().nullable(),
  completed: z.number().int(),
  failed: z.number().int(),
  skipped: z.number().int(),
  pages: z.number().int(),
  items: z.number().int(),
  started_at: timestampSchema.nullable(),
  ended_at: timestampSchema.nullable(),
  error: errorFactsSchema.optional(),
})
export type StepSummary = z.infer<typeof stepSummarySchema>

/** An execution that a step of this one ran; `index` is the iteration of the step. */
export const childSummarySchema = z.object({
  execution_id: idSchema,
  step: z.string(),
  index: z.number().int(),
  path: z.string(),
  status: executionStatusSchema,
})
export type ChildSummary = z.infer<typeof childSummarySchema>

/** An execution that retries this one as a run of its own, or that this one retries. */
export const retryLinkSchema = z.object({
  execution_id: idSchema,
  status: executionStatusSchema,
  scope: z.enum(['all', 'failed', 'iteration']).describe('of the retry that made the later of the two'),
  version: z.enum(['ran', 'newest']),
})
export type RetryLink = z.infer<typeof retryLinkSchema>

export const expectationSchema = z.object({ name: z.string(), passed: z.boolean(), actual: z.unknown() })

export const executionAnswerSchema = executionSummarySchema.extend({
  workload: z.record(z.string(), z.unknown()),
  trigger: z.record(z.string(), z.unknown()),
  parent: z
    .object({ execution_id: idSchema, step: z.string(), index: z.number().int() })
    .nullable()
    .describe('the step and iteration that ran this execution'),
  retried_from: retryLinkSchema.nullable().describe('the execution that this one retries'),
  retried_by: z.array(retryLinkSchema).describe('the last 20 executions that retry this one'),
  steps: z.array(stepSummarySchema),
  children: z
    .array(childSummarySchema)
    .describe('the first 100 executions that steps ran; list executions by parent for all'),
  expectations: z.array(expectationSchema),
  last_seq: z.number().int(),
})
export type ExecutionAnswer = z.infer<typeof executionAnswerSchema>

export const listEventsQuerySchema = z.strictObject({
  after: countParam.default(0),
  type: z.enum(EVENT_TYPES).optional(),
  limit: limitParam(5_000, 1_000),
})
export type ListEventsQuery = z.infer<typeof listEventsQuerySchema>
export const eventListSchema = z.object({ items: z.array(executionEventSchema) })

export const streamQuerySchema = z.strictObject({ after: countParam.optional() })

/** A run's view as the browser folds it (`domain/execution/view.ts`), and the last seq folded into it. */
export const snapshotAnswerSchema = z.object({ view: z.record(z.string(), z.unknown()), seq: z.number().int() })

/** The text an execution started with; `version` is null when it is no registered version. */
export const ranPlaybookSchema = z.object({
  path: z.string(),
  version: z.number().int().nullable(),
  content: z.string(),
})
export type RanPlaybook = z.infer<typeof ranPlaybookSchema>
