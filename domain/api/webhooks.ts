import { z } from 'zod'
import { idSchema, limitParam, listOf, playbookPathSchema, timestampSchema } from './fields'

const versionSchema = z.number().int().min(1).nullable().describe('null: the newest version at each call')
const nameSchema = z.string().trim().min(1).max(100)
const inputsSchema = z
  .array(z.string().min(1).max(200))
  .max(100)
  .describe('keys of the workload that the body may set, besides `webhook`, which is always the whole body')

export const createWebhookSchema = z.strictObject({
  path: playbookPathSchema,
  name: nameSchema,
  version: versionSchema.default(null),
  inputs: inputsSchema.default([]),
})
export type CreateWebhook = z.infer<typeof createWebhookSchema>

/** What is left out stays as it is. */
export const changeWebhookSchema = z.strictObject({
  name: nameSchema.optional(),
  version: versionSchema.optional(),
  inputs: inputsSchema.optional(),
  paused: z.boolean().optional(),
})
export type ChangeWebhook = z.infer<typeof changeWebhookSchema>

export const webhookSchema = z.object({
  webhook_id: idSchema,
  path: z.string(),
  name: z.string(),
  version: z.number().int().nullable(),
  inputs: z.array(z.string()),
  paused: z.boolean(),
  calls: z.number().int().describe('calls that started a run'),
  last_used_at: timestampSchema.nullable(),
  created_at: timestampSchema,
  rotated_at: timestampSchema.nullable(),
})
export type WebhookAnswer = z.infer<typeof webhookSchema>

/** The only answers that hold a token. */
export const webhookWithTokenSchema = webhookSchema.extend({
  token: z.string().describe('shown this once'),
  url: z.string().describe('what the sender posts to'),
})
export type WebhookWithToken = z.infer<typeof webhookWithTokenSchema>

export const listWebhooksQuerySchema = z.strictObject({
  path: playbookPathSchema.optional(),
  cursor: idSchema.optional(),
  limit: limitParam(500, 100),
})
export type ListWebhooksQuery = z.infer<typeof listWebhooksQuerySchema>
export const webhookListSchema = listOf(webhookSchema)
export type WebhookList = z.infer<typeof webhookListSchema>

export const webhookTokenParamsSchema = z.object({ token: z.string() })
