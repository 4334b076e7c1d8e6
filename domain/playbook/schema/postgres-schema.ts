import { z } from 'zod'
import { anyJson, list, oneOf, template, text } from './scalars'
import { strictKeys } from './strict-keys'

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/
const column = z.string({ error: 'the name of a column' }).regex(IDENTIFIER, { error: 'the plain name of a column' })
const table = z
  .string({ error: 'a table, as schema.table' })
  .refine((name) => name.split('.').length <= 2 && name.split('.').every((part) => IDENTIFIER.test(part)), {
    error: 'a table, as schema.table in plain letters, digits and _',
  })

export const postgresKeys = {
  credential: text
    .optional()
    .describe(
      'The registered database to use: the name of a secret that holds postgres://user:password@host:5432/database. TLS, unless it ends in ?sslmode=disable. What is written there is there at least once: upsert makes it exactly once. Without one: the local database.',
    ),
  statement: template
    .optional()
    .describe(
      'One SQL statement, or several in which no value is. A {{ … }} in it becomes a bind parameter, never text of the SQL.',
    ),
  params: list(anyJson).optional().describe('Values for $1, $2 … of a statement written without {{ }}.'),
  table: table.optional().describe('The table rows go to, as schema.table.'),
  mode: oneOf(['insert', 'upsert'])
    .optional()
    .describe('insert adds rows; upsert replaces the row with the same key. Default: insert.'),
  key: z
    .union([column, list(column)], { error: 'a column, or a list of columns' })
    .optional()
    .describe('The columns that make a row unique, for upsert.'),
  data: anyJson.optional().describe('One row (column: value), a list of rows, or a template that gives either.'),
}

export const sinkSchema = strictKeys('a sink', {
  tool: oneOf(['postgres']).describe('Where the sink writes to.'),
  per: oneOf(['step', 'iteration', 'page'])
    .optional()
    .describe('How often it runs. Default: once a step, or once an iteration inside on_success and then.'),
  ...postgresKeys,
}).describe(
  'Saves results. What is saved and the bookkeeping are one transaction in the local database. data: "{{ result.results }}" of a loop, or "{{ result }}" of its pages, may be of any size.',
)

export type SinkSource = z.infer<typeof sinkSchema>
