import { z } from 'zod'
import { countParam } from './fields'

const indexSchema = z.number().int().min(0)
const stepSchema = z.string().min(1).describe('where several steps have a failed element of that index')

/** What to try again: all that failed, was cancelled or never begun, or one failed element. */
export const retrySchema = z.discriminatedUnion('scope', [
  z.strictObject({ scope: z.literal('failed') }),
  z.strictObject({ scope: z.literal('iteration'), index: indexSchema, step: stepSchema.optional() }),
])
export type RetryRequest = z.infer<typeof retrySchema>

/** The same in an address, to be checked by `retrySchema`. */
export const retryQuerySchema = z.strictObject({
  scope: z.enum(['failed', 'iteration']),
  index: countParam.optional(),
  step: stepSchema.optional(),
})

/** What a retry would do. `at_least_requests`: one for each element that has pages left to ask for. */
export const retryPreviewSchema = z.object({
  elements: z.number().int(),
  pages_kept: z.number().int(),
  at_least_requests: z.number().int(),
})
export type RetryPreview = z.infer<typeof retryPreviewSchema>
