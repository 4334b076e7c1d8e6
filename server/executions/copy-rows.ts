import { from as copyFrom } from 'pg-copy-streams'
import pg from 'pg'
import { stringifyPreciseJson } from '@/domain/json-precise'
import type { Queryable } from '../db/pool'
import { jsonbText } from '../db/to-jsonb'

/** How COPY is to be given the values of each column. */
export type CopyColumns = ReadonlyMap<string, 'plain' | 'json'>

/** Types whose text COPY takes exactly as a statement takes it out of JSON. */
const PLAIN_TYPES = [
  'int2', 'int4', 'int8', 'float4', 'float8', 'numeric', 'bool', 'text', 'varchar', 'uuid', 'date', 'timestamp', 'timestamptz',
] // prettier-ignore

/**
 * Which columns of a table can be filled by COPY so that nothing is different from an INSERT; the others are not named. Null
 * where the table itself forbids it: it is none, has rules or row security, or there is no connection of its own to use.
 */
export async function readCopyColumns(client: Queryable, table: string): Promise<CopyColumns | null> {
  if (client instanceof pg.Pool) return null
  const { rows } = await client.query<{ name: string; type: string }>(
    `SELECT a.attname AS name, t.typname AS type
     FROM pg_catalog.pg_class c
     JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     JOIN pg_catalog.pg_type t ON t.oid = a.atttypid AND t.typnamespace = 'pg_catalog'::regnamespace
     WHERE c.oid = to_regclass($1) AND c.relkind IN ('r', 'p') AND NOT c.relhasrules AND NOT c.relrowsecurity
       AND a.attidentity = '' AND a.attgenerated = '' AND t.typname = ANY ($2)`,
    [table, [...PLAIN_TYPES, 'jsonb']],
  )
  return rows.length === 0 ? null : new Map(rows.map(({ name, type }) => [name, type === 'jsonb' ? 'json' : 'plain']))
}

/** Rows as lines for COPY; null when one holds a value that only a statement turns into its column's type. */
export function copyLines(
  rows: readonly Readonly<Record<string, unknown>>[],
  columns: readonly string[],
  kinds: CopyColumns,
): string | null {
  let lines = ''
  for (const row of rows) {
    for (const [at, column] of columns.entries()) {
      const field = fieldOf(row[column], kinds.get(column))
      if (field === null) return null
      lines += at === 0 ? field : `\t${field}`
    }
    lines += '\n'
  }
  return lines
}

/** Sends the lines and gives back how many rows there are now. Throws what the database says. */
export async function copyInto(client: Queryable, target: string, lines: string): Promise<number> {
  const stream = client.query(copyFrom(`COPY ${target} FROM STDIN`))
  await new Promise<void>((resolve, reject) => {
    stream.once('finish', resolve)
    stream.once('error', reject)
    stream.end(lines)
  })
  return stream.rowCount ?? 0
}

/** Which of the rows sent PostgreSQL speaks of, from 0, and of which of its columns; null: of none. */
export function rowAtFault(error: unknown): { index: number; column: string | null } | null {
  if (!(error instanceof pg.DatabaseError)) return null
  const [, line, column = null] = /^COPY .*, line (\d+)(?:, column (\S+?)(?::|$))?/m.exec(error.where ?? '') ?? []
  return line === undefined ? null : { index: Number(line) - 1, column }
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
const NULL = '\\N'

function fieldOf(value: unknown, kind: 'plain' | 'json' | undefined): string | null {
  if (kind === undefined) return null
  if (value === null || value === undefined) return NULL
  if (kind === 'json') return jsonField(jsonOf(value))
  switch (typeof value) {
    case 'string':
      return UNSTORABLE.test(value) ? null : escaped(value)
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'number':
      return numberField(value)
    default:
      return null
  }
}

/** JSON knows no NaN; a number with an exponent is written out by a statement, which a text column would tell. */
function numberField(value: number): string | null {
  if (!Number.isFinite(value)) return NULL
  const text = String(value)
  return text.includes('e') ? null : text
}

/** A NUL and half a surrogate pair are stored by their escapes, which a statement sees to. */
const UNSTORABLE = /\0|\p{Surrogate}/u
const jsonField = (json: string): string | null => (jsonbText(json) === json ? escaped(json) : null)

const SPECIAL = /[\\\t\n\r]/
const escaped = (text: string): string =>
  SPECIAL.test(text) ? text.replaceAll(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character) : text

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    return stringifyPreciseJson(value)
  }
}
