import pg from 'pg'
import { cutText } from '@/domain/cut-text'
import { DomainError } from '@/domain/domain-error'
import { stringifyPreciseJson } from '@/domain/json-precise'
import type { PostgresAction } from '@/domain/playbook/playbook'
import { secretNames } from '@/domain/playbook/template/secret-text'
import type { Queryable } from '../db/pool'
import { jsonbText } from '../db/to-jsonb'
import { copyInto, copyLines, readCopyColumns, rowAtFault, type CopyColumns } from './copy-rows'
import { columnToldBy, findRefusedRow } from './find-refused-row'
import { refused, type SqlResult } from './sql-result'

type Row = Record<string, unknown>

/** Rows as they come: batch by batch, so that a result larger than memory can be stored. */
export type RowBatches = AsyncIterable<readonly unknown[]> | Iterable<readonly unknown[]>

type Rows = Extract<PostgresAction, { kind: 'rows' }>

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_$]{0,62}$/
const ROWS_A_STATEMENT = 2_000
/** Of the texts in the rows; one row may be larger. */
const CHARACTERS_A_STATEMENT = 4 * 1024 * 1024
/** For fewer rows it isn't worth asking what the columns are. */
const FEWEST_FOR_COPY = 200

/**
 * Inserts or upserts rows, in batches. Many rows to insert go by COPY; others, and whatever COPY would take differently,
 * travel as one JSON parameter. Both take the types of the columns. A column that a row doesn't name takes its default, or
 * keeps its value in an upsert. Throws DomainError.
 */
export async function storeRows(client: Queryable, action: Rows, batches: RowBatches): Promise<SqlResult> {
  let rowCount = 0
  let taken = 0
  let pending = emptyStatement()
  const target: Target = { client, action, copyColumns: undefined }
  const flush = async (): Promise<void> => {
    rowCount += await storeBatch(target, pending.rows)
    pending = emptyStatement()
  }
  for await (const batch of batches) {
    for (const given of batch) {
      const row = asRow(action.table, given, taken++)
      pending.rows.push(row)
      pending.characters += sizeOf(given)
      if (pending.rows.length >= ROWS_A_STATEMENT || pending.characters >= CHARACTERS_A_STATEMENT) await flush()
    }
  }
  await flush()
  return { table: action.table, rowCount, columns: [], rows: [] }
}

/** `index`: its place among all. */
type ReadRow = { row: Row; index: number }

/** `copyColumns` undefined: not asked for yet; null: COPY can't be used. */
type Target = { client: Queryable; action: Rows; copyColumns: CopyColumns | null | undefined }

const emptyStatement = (): { rows: ReadRow[]; characters: number } => ({ rows: [], characters: 0 })

/** Rows with the same columns are one statement. */
async function storeBatch(target: Target, batch: readonly ReadRow[]): Promise<number> {
  const { action } = target
  const rows = action.mode === 'upsert' ? lastOfEachKey(batch, action.key) : batch
  const alike = new Map<string, ReadRow[]>()
  for (const entry of rows) {
    const columns = JSON.stringify(Object.keys(entry.row).toSorted())
    const group = alike.get(columns)
    if (group === undefined) alike.set(columns, [entry])
    else group.push(entry)
  }
  let rowCount = 0
  for (const group of alike.values()) {
    rowCount += (await copyAlike(target, group)) ?? (await insertAlike(target, group))
  }
  return rowCount
}

async function insertAlike(target: Target, rows: readonly ReadRow[]): Promise<number> {
  const { text, values } = storing(target.action, rows)
  const result = await refused(async () =>
    target.client.query(text, values).catch(async (error: unknown) => {
      throw await placed(target, rows, error)
    }),
  )
  return result.rowCount ?? 0
}

const storing = (action: Rows, rows: readonly ReadRow[]): { text: string; values: string[] } => ({
  text: statementOf(action, Object.keys(rows[0]?.row ?? {})),
  values: [`[${rows.map(({ row }) => jsonbText(jsonOf(row))).join(',')}]`],
})

/** Null where only a statement does it. A row that is refused is named. */
async function copyAlike(target: Target, rows: readonly ReadRow[]): Promise<number | null> {
  const { client, action } = target
  const columns = Object.keys(rows[0]?.row ?? {})
  const list = columns.map(quoted).join(', ')
  const table = tableOf(action)
  if (action.mode !== 'insert' || rows.length < FEWEST_FOR_COPY) return null
  if (target.copyColumns === undefined) target.copyColumns = await readCopyColumns(client, table)
  if (target.copyColumns === null) return null
  const lines = copyLines(
    rows.map(({ row }) => row),
    columns,
    target.copyColumns,
  )
  if (lines === null) return null
  return refused(async () =>
    copyInto(client, `${table} (${list})`, lines).catch(async (error: unknown) => {
      throw await placed(target, rows, error)
    }),
  )
}

/** The error, with the place of the row that was refused in its message. */
async function placed({ client, action }: Target, rows: readonly ReadRow[], error: unknown): Promise<unknown> {
  if (!(error instanceof pg.DatabaseError)) return error
  const fault =
    rowAtFault(error) ??
    (await findRefusedRow(client, {
      error,
      rows: rows.map(({ row }) => row),
      storing: (count) => storing(action, rows.slice(0, count)),
      reading: (at, column) => ({
        text: `SELECT jsonb_populate_record(NULL::${tableOf(action)}, $1::jsonb)`,
        values: [jsonbText(jsonOf({ [column]: rows[at]?.row[column] }))],
      }),
    }))
  const row = fault === null ? undefined : rows[fault.index]
  if (row === undefined) return error
  const column = fault?.column ?? columnToldBy(error)
  error.message += `, in row ${row.index}${column === null ? '' : `, column ${column}`}`
  return error
}

const tableOf = ({ table }: Rows): string => table.split('.').map(quoted).join('.')

function statementOf(action: Rows, columns: readonly string[]): string {
  const { mode, key } = action
  const target = tableOf(action)
  const list = columns.map(quoted).join(', ')
  const rows = `jsonb_populate_recordset(NULL::${target}, $1::jsonb)`
  const insert = `INSERT INTO ${target} (${list}) SELECT ${list} FROM ${rows}`
  if (mode === 'insert') return insert
  const updates = columns
    .filter((column) => !key.includes(column))
    .map((column) => `${quoted(column)} = EXCLUDED.${quoted(column)}`)
  const meeting = updates.length === 0 ? 'DO NOTHING' : `DO UPDATE SET ${updates.join(', ')}`
  return `${insert} ON CONFLICT (${key.map(quoted).join(', ')}) ${meeting}`
}

/** Names are checked by pattern and quoted: nothing of a row's keys becomes SQL. */
function quoted(name: string): string {
  if (IDENTIFIER.test(name)) return `"${name}"`
  throw new DomainError(
    'statement_refused',
    `"${name}" can't be the name of a column or table here: letters, digits, _ and $ only, at most 63.`,
  )
}

function asRow(table: string, given: unknown, index: number): ReadRow {
  if (typeof given !== 'object' || given === null || Array.isArray(given) || Object.keys(given).length === 0) {
    const what = cutText(JSON.stringify(given) ?? 'undefined', 60)
    throw new DomainError('statement_refused', `Row ${index} for ${table} is ${what}, not an object of columns.`)
  }
  if (secretNames(given).length > 0) {
    throw new DomainError('statement_refused', `A secret can't be stored in ${table}: it would lie there in the open.`)
  }
  return { row: { ...given }, index }
}

/** About as many characters as its JSON has. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 8
  let size = 2
  for (const part of Object.values(value)) size += sizeOf(part) + 8
  return size
}

/** Integers beyond 2^53 keep their digits; what is slower is used for the rows that need it. */
function jsonOf(row: object): string {
  try {
    return JSON.stringify(row)
  } catch {
    return stringifyPreciseJson(row)
  }
}

/**
 * One statement can't touch a row twice; of rows with the same key the last one counts, as if they came one by one. In
 * the order of their keys, so that two upserts of the same rows don't lock them crosswise.
 */
function lastOfEachKey(rows: readonly ReadRow[], key: readonly string[]): ReadRow[] {
  const last = new Map(
    rows.map((entry) => [stringifyPreciseJson(key.map((column) => entry.row[column] ?? null)), entry]),
  )
  return [...last].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
}
