import { DomainError } from '@/domain/domain-error'
import type { PostgresAction } from '@/domain/playbook/playbook'
import { secretNames } from '@/domain/playbook/template/secret-text'
import type { Queryable } from '../db/pool'
import { toJsonb } from '../db/to-jsonb'
import { refused, type SqlResult } from './sql-result'

type Row = Record<string, unknown>

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_$]{0,62}$/
const ROWS_A_STATEMENT = 2_000

/** Inserts or upserts rows, a batch a statement; values travel as one JSON parameter and take the types of the columns. Throws DomainError. */
export async function storeRows(
  client: Queryable,
  { table, mode, key }: Extract<PostgresAction, { kind: 'rows' }>,
  data: unknown,
): Promise<SqlResult> {
  const rows = mode === 'upsert' ? lastOfEachKey(rowsOf(table, data), key) : rowsOf(table, data)
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  let rowCount = 0
  if (columns.length > 0) {
    const text = statementOf({ table, columns, mode, key })
    for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT) {
      const batch = toJsonb(rows.slice(from, from + ROWS_A_STATEMENT))
      const result = await refused(async () => client.query(text, [batch]))
      rowCount += result.rowCount ?? 0
    }
  }
  return { table, rowCount, rows: [] }
}

type Target = { table: string; columns: readonly string[]; mode: 'insert' | 'upsert'; key: readonly string[] }

function statementOf({ table, columns, mode, key }: Target): string {
  const target = table.split('.').map(quoted).join('.')
  const list = columns.map(quoted).join(', ')
  const insert = `INSERT INTO ${target} (${list}) SELECT ${list} FROM jsonb_populate_recordset(NULL::${target}, $1::jsonb)`
  if (mode === 'insert') return insert
  const updates = columns
    .filter((column) => !key.includes(column))
    .map((column) => `${quoted(column)} = EXCLUDED.${quoted(column)}`)
  const action = updates.length === 0 ? 'DO NOTHING' : `DO UPDATE SET ${updates.join(', ')}`
  return `${insert} ON CONFLICT (${key.map(quoted).join(', ')}) ${action}`
}

/** Names are checked by pattern and quoted: nothing of a row's keys becomes SQL. */
function quoted(name: string): string {
  if (IDENTIFIER.test(name)) return `"${name}"`
  throw new DomainError(
    'statement_refused',
    `"${name}" can't be the name of a column or table here: letters, digits, _ and $ only, at most 63.`,
  )
}

function rowsOf(table: string, data: unknown): Row[] {
  if (secretNames(data).length > 0) {
    throw new DomainError('statement_refused', `A secret can't be stored in ${table}: it would lie there in the open.`)
  }
  const list: unknown[] = Array.isArray(data) ? data : [data]
  return list.map((row, index) => {
    if (typeof row === 'object' && row !== null && !Array.isArray(row)) return storable(row)
    throw new DomainError(
      'statement_refused',
      `Row ${index} for ${table} is ${JSON.stringify(row)?.slice(0, 60)}, not an object of columns.`,
    )
  })
}

/** An integer beyond 2^53 travels as its digits, in text, which every numeric column reads. */
const storable = (row: object): Row =>
  JSON.parse(JSON.stringify(row, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)))

/** One statement can't touch a row twice; of rows with the same key the last one counts, as if they came one by one. */
function lastOfEachKey(rows: readonly Row[], key: readonly string[]): Row[] {
  return [...new Map(rows.map((row) => [JSON.stringify(key.map((column) => row[column] ?? null)), row])).values()]
}
