import { z } from 'zod'
import { idSchema, limitParam, listOf, playbookPathSchema, timestampSchema } from './fields'

const noticeEventSchema = z.enum(['completed', 'failed', 'cancelled'])
export type NoticeEvent = z.infer<typeof noticeEventSchema>

const urlSchema = z.string().min(1).max(2_000).describe('http or https; {{ secret.NAME }} is put in when it is sent')
const eventsSchema = z.array(noticeEventSchema).min(1).max(3)
const signingSecretSchema = z
  .string()
  .min(8)
  .max(1_000)
  .nullable()
  .describe('signs each notice with HMAC-SHA256; it can never be read again')

export const createNoticeSchema = z.strictObject({
  path: playbookPathSchema,
  url: urlSchema,
  on: eventsSchema.default(['completed', 'failed', 'cancelled']),
  secret: signingSecretSchema.default(null),
})
export type CreateNotice = z.infer<typeof createNoticeSchema>

/** What is left out stays as it is; `secret: null` takes the signature away. */
export const changeNoticeSchema = z.strictObject({
  url: urlSchema.optional(),
  on: eventsSchema.optional(),
  secret: signingSecretSchema.optional(),
  paused: z.boolean().optional(),
})
export type ChangeNotice = z.infer<typeof changeNoticeSchema>

export const deliverySchema = z.object({
  delivery_id: idSchema,
  notice_id: idSchema,
  execution_id: idSchema,
  event: noticeEventSchema,
  status: z.enum(['WAITING', 'DELIVERED', 'FAILED']),
  attempts: z.number().int(),
  last_status: z.number().int().nullable().describe('the status of the last answer'),
  last_error: z.string().nullable(),
  last_attempt_at: timestampSchema.nullable(),
  next_attempt_at: timestampSchema.nullable().describe('while it waits'),
  created_at: timestampSchema,
})
export type DeliveryAnswer = z.infer<typeof deliverySchema>

export const noticeSchema = z.object({
  notice_id: idSchema,
  path: z.string(),
  url: z.string(),
  on: z.array(noticeEventSchema),
  is_signed: z.boolean(),
  paused: z.boolean(),
  last_delivery: deliverySchema.nullable(),
  created_at: timestampSchema,
})
export type NoticeAnswer = z.infer<typeof noticeSchema>

export const listNoticesQuerySchema = z.strictObject({
  path: playbookPathSchema.optional(),
  cursor: idSchema.optional(),
  limit: limitParam(500, 100),
})
export type ListNoticesQuery = z.infer<typeof listNoticesQuerySchema>
export const noticeListSchema = listOf(noticeSchema)
export type NoticeList = z.infer<typeof noticeListSchema>

export const listDeliveriesQuerySchema = z.strictObject({
  cursor: idSchema.optional(),
  limit: limitParam(500, 50),
})
export type ListDeliveriesQuery = z.infer<typeof listDeliveriesQuerySchema>
export const deliveryListSchema = listOf(deliverySchema)
export type DeliveryList = z.infer<typeof deliveryListSchema>
