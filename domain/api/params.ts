import { z } from 'zod'
import { countParam, idSchema, playbookPathSchema } from './fields'
import { secretNameSchema } from './secrets'

export const noParamsSchema = z.object({})
export const idParamsSchema = z.object({ id: idSchema })
export const executionParamsSchema = z.object({ id: idSchema })
export const iterationParamsSchema = executionParamsSchema.extend({ index: countParam })
export const pageParamsSchema = iterationParamsSchema.extend({ page: countParam })
export const secretParamsSchema = z.object({ name: secretNameSchema })

/** A playbook path as the segments of an address; slashes may also come as %2F. */
export const playbookParamsSchema = z.object({
  path: z
    .array(z.string())
    .transform((segments) => segments.map((segment) => segment.replaceAll(/%2f/gi, '/')).join('/'))
    .pipe(playbookPathSchema),
})

/** The same key gives the same execution. */
export const idempotencyKeySchema = z.string().min(1).max(255)
