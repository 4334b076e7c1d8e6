import { z } from 'zod'
import { countParam, limitParam, listOf, playbookPathSchema, timestampSchema } from './fields'

/** A playbook's text as JSON; the same calls take the text itself as `text/yaml`. */
export const playbookContentSchema = z.strictObject({ content: z.string() })

const diagnosticSchema = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  hint: z.string().nullable(),
  path: z.string().describe('JSON pointer into the playbook'),
  line: z.number().int(),
  column: z.number().int(),
  endLine: z.number().int(),
  endColumn: z.number().int(),
  from: z.number().int().describe('offset into the text'),
  to: z.number().int(),
})

export const validateAnswerSchema = z.object({
  valid: z.boolean(),
  diagnostics: z.array(diagnosticSchema),
  outside: z
    .object({ env: z.array(z.string()), secrets: z.array(z.string()).nullable() })
    .describe('names, never values, that templates will find; secrets are null while they are not known'),
})
export type ValidateAnswer = z.infer<typeof validateAnswerSchema>

/** `created` is false when the newest version already had exactly this text. */
export const registerAnswerSchema = z.object({
  path: z.string(),
  version: z.number().int(),
  created: z.boolean(),
  diagnostics: z.array(diagnosticSchema).describe('warnings only'),
})
export type RegisterAnswer = z.infer<typeof registerAnswerSchema>

export const playbookSummarySchema = z.object({
  path: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  version: z.number().int(),
  created_at: timestampSchema,
  updated_at: timestampSchema,
})
export type PlaybookSummary = z.infer<typeof playbookSummarySchema>

export const listPlaybooksQuerySchema = z.strictObject({
  cursor: playbookPathSchema.optional(),
  limit: limitParam(1_000, 200),
})
export const playbookListSchema = listOf(playbookSummarySchema)
export type PlaybookList = z.infer<typeof playbookListSchema>

export const readPlaybookQuerySchema = z.strictObject({ version: countParam.optional() })
export const playbookAnswerSchema = playbookSummarySchema.extend({
  latest_version: z.number().int(),
  content: z.string(),
})
export type PlaybookAnswer = z.infer<typeof playbookAnswerSchema>

const playbookVersionSchema = z.object({
  version: z.number().int(),
  name: z.string(),
  description: z.string().nullable(),
  content_hash: z.string(),
  created_at: timestampSchema,
})

export const listVersionsQuerySchema = z.strictObject({ cursor: countParam.optional(), limit: limitParam(500, 100) })
export const playbookVersionListSchema = listOf(playbookVersionSchema)
export type PlaybookVersionList = z.infer<typeof playbookVersionListSchema>
