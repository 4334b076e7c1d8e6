import { z } from 'zod'
import { errorFactsSchema } from '../execution/events'
import { countParam, iterationStatusSchema, limitParam, listOf, timestampSchema } from './fields'

export const iterationSchema = z.object({
  step: z.string(),
  index: z.number().int(),
  element: z.unknown(),
  label: z.string().nullable(),
  status: iterationStatusSchema,
  pages: z.number().int(),
  items: z.number().int(),
  retries: z.number().int(),
  stop_reason: z.string().nullable(),
  warnings: z.array(z.unknown()),
  next_attempt_at: timestampSchema.nullable(),
  started_at: timestampSchema.nullable(),
  ended_at: timestampSchema.nullable(),
  error: errorFactsSchema.optional(),
})
export type IterationSummary = z.infer<typeof iterationSchema>

export const listIterationsQuerySchema = z.strictObject({
  step: z.string().max(256).optional(),
  status: iterationStatusSchema.optional(),
  cursor: z.string().max(600).optional(),
  limit: limitParam(5_000, 200),
})
export type ListIterationsQuery = z.infer<typeof listIterationsQuerySchema>
export const iterationListSchema = listOf(iterationSchema)
export type IterationList = z.infer<typeof iterationListSchema>

/** `step` may be left out where only one step of the execution has iterations. */
export const pageAddressQuerySchema = z.strictObject({ step: z.string().max(256).optional() })

export const listPagesQuerySchema = pageAddressQuerySchema.extend({
  cursor: countParam.optional(),
  limit: limitParam(5_000, 500),
})
export type ListPagesQuery = z.infer<typeof listPagesQuerySchema>

export const pageSummarySchema = z.object({
  page: z.number().int(),
  method: z.string(),
  url: z.string(),
  status: z.number().int(),
  attempt: z.number().int().describe('the try that succeeded'),
  items: z.number().int(),
  bytes: z.number().int(),
  started_at: timestampSchema,
  duration_ms: z.number().int(),
  next: z.record(z.string(), z.unknown()).describe('the decision: a next request or a stop reason, and why'),
})
export type PageSummary = z.infer<typeof pageSummarySchema>
export const pageListSchema = listOf(pageSummarySchema)
export type PageList = z.infer<typeof pageListSchema>

/** What was sent, secrets masked. */
const sentRequestSchema = z.record(z.string(), z.unknown())

/** A failed try; `body_text` is capped when it is stored. */
export const attemptSchema = z.object({
  attempt: z.number().int(),
  request: sentRequestSchema,
  status: z.number().int().nullable(),
  headers: z.record(z.string(), z.string()).nullable(),
  body_text: z.string().nullable(),
  error: errorFactsSchema,
  delay_ms: z.number().int().nullable(),
  started_at: timestampSchema,
  duration_ms: z.number().int(),
})
export type AttemptAnswer = z.infer<typeof attemptSchema>

const pageResponseSchema = z.object({
  status: z.number().int(),
  headers: z.record(z.string(), z.string()),
  bytes: z.number().int(),
  body: z.string().describe('the body as it came, cut at 256 Ki characters when body_truncated'),
  body_truncated: z.boolean(),
})

/** One page: the request as sent and what came back; `response` is null while no try has succeeded. */
export const pageAnswerSchema = z.object({
  step: z.string(),
  index: z.number().int(),
  page: z.number().int(),
  request: sentRequestSchema.nullable(),
  response: pageResponseSchema.nullable(),
  timing: z.record(z.string(), z.number()).nullable(),
  started_at: timestampSchema.nullable(),
  duration_ms: z.number().int().nullable(),
  attempt: z.number().int().nullable(),
  next: z.record(z.string(), z.unknown()).nullable(),
  attempts: z.array(attemptSchema).describe('the failed tries before it'),
  item_count: z.number().int(),
  items: z.array(z.unknown()).describe('the first 1,000'),
})
export type PageAnswer = z.infer<typeof pageAnswerSchema>
