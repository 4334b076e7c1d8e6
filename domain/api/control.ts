import { z } from 'zod'
import type { Json } from '../json'
import { countParam, idSchema, timestampSchema } from './fields'

const indexSchema = z.number().int().min(0)
const stepSchema = z.string().min(1).describe('where several steps have a failed element of that index')
const versionSchema = z
  .enum(['ran', 'newest'])
  .describe('the text that ran (the default), or the newest registered version: then a new execution is made')

/**
 * What to try again: all that failed, was cancelled or never begun; one failed element, and not what its failure left out;
 * one page, fetched again in its place; or the whole run, as a new execution. `newest` makes a new execution of the failed
 * elements as well.
 */
export const retrySchema = z.discriminatedUnion('scope', [
  z.strictObject({ scope: z.literal('failed'), version: versionSchema.optional() }),
  z.strictObject({
    scope: z.literal('iteration'),
    index: indexSchema,
    step: stepSchema.optional(),
    version: versionSchema.optional(),
  }),
  z.strictObject({
    scope: z.literal('page'),
    index: indexSchema,
    page: z.number().int().min(1),
    step: stepSchema.optional(),
  }),
  z.strictObject({
    scope: z.literal('all'),
    version: versionSchema.optional(),
    workload: z.record(z.string(), z.custom<Json>()).optional().describe('instead of the inputs it ran with'),
  }),
])
export type RetryRequest = z.infer<typeof retrySchema>
type RetryOf<Scope extends RetryRequest['scope']> = Extract<RetryRequest, { scope: Scope }>

/** A retry that goes on in the execution itself. */
export type RetryInPlace = Exclude<RetryRequest, { scope: 'all' }>
/** A retry that is an execution of its own: of the whole run, or of what failed with the newest version. */
export type RetryAnew = Exclude<RetryRequest, { scope: 'page' }>
/** True when a retry makes an execution of its own. */
export const isAnew = (request: RetryRequest): request is RetryAnew & ({ scope: 'all' } | { version: 'newest' }) =>
  request.scope === 'all' || (request.scope !== 'page' && request.version === 'newest')

export type RetryOfElement = RetryOf<'iteration'>
export type RetryOfPage = RetryOf<'page'>

/** The same in an address, to be checked by `retrySchema`. */
export const retryQuerySchema = z.strictObject({
  scope: z.enum(['failed', 'iteration', 'page', 'all']),
  index: countParam.optional(),
  page: countParam.optional(),
  step: stepSchema.optional(),
  version: versionSchema.optional(),
})

const limitResetSchema = z.object({
  at: timestampSchema,
  because: z.string().describe('what says so: a header of a last answer, or the rate limit of the playbook'),
})
export type LimitReset = z.infer<typeof limitResetSchema>

/** What a retry would do. `at_least_requests`: one for each element that has pages left to ask for. */
export const retryPreviewSchema = z.object({
  elements: z.number().int(),
  pages_kept: z.number().int(),
  at_least_requests: z.number().int(),
  limit_resets: limitResetSchema.nullable().describe('a request before this would be refused or held back'),
  new_execution: z.boolean().describe('false: it goes on in this execution'),
  beside: idSchema.nullable().describe('an execution of the same schedule that goes on, which the retry runs beside'),
  version: z.number().int().nullable().describe('that it runs with; null when the text is no registered version'),
  newest_version: z.number().int().nullable().describe('that is registered; null when none is'),
  workload: z
    .record(z.string(), z.custom<Json>())
    .nullable()
    .describe('inputs of the new execution, templates as they are written'),
})
export type RetryPreview = z.infer<typeof retryPreviewSchema>

/** What is to wait no longer: every element that waits, or one. */
export const retryNowSchema = z.strictObject({ index: indexSchema.optional(), step: stepSchema.optional() })
export type RetryNow = z.infer<typeof retryNowSchema>

export const retryNowAnswerSchema = z.object({ elements: z.number().int().describe('that waited and are due now') })
