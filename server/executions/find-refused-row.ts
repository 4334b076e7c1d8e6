import pg from 'pg'
import type { Queryable } from '../db/pool'

type Statement = { text: string; values: string[] }

/** How the refused rows were sent, so that some of them can be sent again. */
export type Refusal = {
  error: unknown
  rows: readonly Readonly<Record<string, unknown>>[]
  /** Stores the first rows. */
  storing: (count: number) => Statement
  /** Only turns what one row has for one column into the type of the column. */
  reading: (row: number, column: string) => Statement
}

/** Which of the rows was refused, from 0, and for which of its columns. */
export type RefusedRow = { index: number; column: string | null }

/** Cardinality, data, integrity, views with a check, limits, and what a trigger raised: there is a row to blame. */
const OF_A_ROW = /^(?:21000|22|23|44|54|P0001)/
/** Their details name the key; others show the whole row, with numbers that a second try may not get again. */
const KEY_CODES: ReadonlySet<string> = new Set(['23503', '23505', '23P01'])
const LONGEST_MS = 5_000

/**
 * Finds the row that made a statement fail, by storing ever fewer of the first rows again, each time in a transaction that is
 * rolled back. The one in which they were refused is rolled back as well. A row is blamed only where the very same refusal
 * comes with it and not without it, or that alone has the key PostgreSQL speaks of; null where there is none, or looking for
 * it takes too long.
 */
export async function findRefusedRow(client: Queryable, refusal: Refusal): Promise<RefusedRow | null> {
  const { error, rows } = refusal
  if (client instanceof pg.Pool || !(error instanceof pg.DatabaseError) || !OF_A_ROW.test(error.code ?? '')) return null
  const until = Date.now() + LONGEST_MS
  const refuses = async (statement: Statement): Promise<boolean> => {
    if (Date.now() > until) throw new Error('It takes too long to find the row that was refused.')
    return isSame(error, await refusalOf(client, statement))
  }
  try {
    await client.query('ROLLBACK')
    // Where it takes a row of an earlier statement, which is gone by now, the key has to tell.
    if (!(await refuses(refusal.storing(rows.length)))) return rowOfKey(error, rows)
    let taken = 0
    let refused = rows.length
    while (refused - taken > 1) {
      const half = Math.floor((taken + refused) / 2)
      if (await refuses(refusal.storing(half))) refused = half
      else taken = half
    }
    const index = refused - 1
    return { index, column: columnToldBy(error) ?? (await unreadable(refusal, index, refuses)) }
  } catch {
    // What refused the rows is what there is to say, whatever keeps us from finding which.
    return null
  }
}

/** `Key (team, name)=(1, a)` of a detail: its columns and its values. */
const KEY = /^Key \(([\w$, ]+)\)=\((.*)\) /s

/** The column, or columns, that PostgreSQL names besides its message. */
export const columnToldBy = ({ column, detail }: pg.DatabaseError): string | null =>
  column ?? KEY.exec(detail ?? '')?.[1] ?? null

function rowOfKey({ detail }: pg.DatabaseError, rows: Refusal['rows']): RefusedRow | null {
  const [, names, values] = KEY.exec(detail ?? '') ?? []
  if (names === undefined) return null
  const columns = names.split(', ')
  const found = rows.flatMap((row, index) =>
    columns.map((column) => String(row[column])).join(', ') === values ? [index] : [],
  )
  const [index] = found
  return index === undefined || found.length > 1 ? null : { index, column: names }
}

/** The column whose value alone is refused in the same way. */
async function unreadable(
  { rows, reading }: Refusal,
  index: number,
  refuses: (statement: Statement) => Promise<boolean>,
): Promise<string | null> {
  for (const column of Object.keys(rows[index] ?? {})) if (await refuses(reading(index, column))) return column
  return null
}

/** What the database says to a statement whose effects are taken back in any case. */
async function refusalOf(client: Queryable, { text, values }: Statement): Promise<unknown> {
  try {
    await client.query(`BEGIN; SET LOCAL statement_timeout = ${LONGEST_MS}`)
    await client.query(text, values)
    return null
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error
    return error
  } finally {
    await client.query('ROLLBACK')
  }
}

const isSame = (one: pg.DatabaseError, other: unknown): boolean =>
  other instanceof pg.DatabaseError &&
  one.code === other.code &&
  one.message === other.message &&
  one.constraint === other.constraint &&
  one.column === other.column &&
  (!KEY_CODES.has(one.code ?? '') || one.detail === other.detail)
