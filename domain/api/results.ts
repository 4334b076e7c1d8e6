import { z } from 'zod'
import { countParam, flagParam, limitParam } from './fields'

const RESULT_FORMATS = ['json', 'ndjson', 'csv', 'parquet'] as const

const commaList = z
  .string()
  .max(4_096)
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(z.string().min(1)).max(200))

/** `columns` and `where` name fields by dotted path; `where` is `field=value,field=value`, all of which must hold. */
export const resultsQuerySchema = z.strictObject({
  step: z.string().max(256).optional(),
  format: z
    .enum(RESULT_FORMATS)
    .default('json')
    .describe(
      'csv and parquet have a column for every field, by dotted path; in parquet it has the type of its values, and mixed ones, lists and objects are JSON.',
    ),
  columns: commaList.optional(),
  where: commaList
    .pipe(z.array(z.string().regex(/^[^=]+=/, 'a condition is field=value')))
    .transform((parts) =>
      parts.map((part) => ({ field: part.slice(0, part.indexOf('=')), value: part.slice(part.indexOf('=') + 1) })),
    )
    .optional(),
  provenance: flagParam.default(false),
})
export type ResultsQuery = z.infer<typeof resultsQuerySchema>

export const resultRowSchema = z.object({
  step: z.string(),
  index: z.number().int(),
  element: z.string().nullable().describe('its label, or else the element as JSON'),
  page: z.number().int(),
  row: z.number().int().describe('position on its page, from 1'),
  item: z.unknown(),
})
export type ResultRow = z.infer<typeof resultRowSchema>

export const listRowsQuerySchema = z.strictObject({
  step: z.string().max(256).optional(),
  offset: countParam.default(0),
  limit: limitParam(1_000, 100),
})
export type ListRowsQuery = z.infer<typeof listRowsQuerySchema>

/** A window on the results in export order; `total` counts the items of all pages on record. */
export const rowListSchema = z.object({ items: z.array(resultRowSchema), total: z.number().int() })
