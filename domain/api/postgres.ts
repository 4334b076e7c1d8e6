import { z } from 'zod'

/** One read-only statement; `schema` comes first on the search path. */
export const executeQuerySchema = z.strictObject({
  query: z.string().min(1).max(100_000),
  schema: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_$]{0,62}$/, 'a schema name')
    .default('noetl'),
})

/** `rows` are objects by column name, 1,000 at most (then `truncated`); 64-bit integers and numerics are text. */
export const executeAnswerSchema = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.record(z.string(), z.unknown())),
  row_count: z.number().int(),
  truncated: z.boolean(),
})
