import { z } from 'zod'
import { timestampSchema } from './fields'

export const secretNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'a secret name is letters, digits and "_", not starting with a digit')

export const putSecretSchema = z.strictObject({ value: z.string().min(1).max(65_536) })

export const secretSummarySchema = z.object({
  name: z.string(),
  created_at: timestampSchema,
  updated_at: timestampSchema,
})
export type SecretSummary = z.infer<typeof secretSummarySchema>

export const secretListSchema = z.object({ items: z.array(secretSummarySchema), next_cursor: z.null() })
export type SecretList = z.infer<typeof secretListSchema>
