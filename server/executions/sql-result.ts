import { DomainError } from '@/domain/domain-error'

/** `columns`: by their names, in order; two of one name are one member of a row. */
export type SqlResult = { table: string | null; rowCount: number; columns: string[]; rows: unknown[] }

/**
 * Features, data, rights, conflicts with others, limits, what an object has to be for it, syntax, views, PL/pgSQL, a file
 * that is not there, and the statement's own time.
 */
const OF_THE_STATEMENT = /^(?:0A|2|3|40|42|44|53400|54|55|57014|58P01|P0)/
const CANCELLED = '57014'

/** Of the moment: a standby, or a database that an administrator made read-only. */
const READ_ONLY = '25006'

/**
 * What the database refused, in its own words and as our error; errors of the connection pass through,
 * and that it is read-only, unless `isOwnDoing` says that the statement made its transaction so.
 */
export async function refused<T>(query: () => Promise<T>, isOwnDoing = false): Promise<T> {
  try {
    return await query()
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    if (!OF_THE_STATEMENT.test(String(error.code)) && !isOfParameters(error)) throw error
    if (error.code === READ_ONLY && !isOwnDoing) throw error
    const hint = hintOf(error, String(error.code))
    throw new DomainError(
      'statement_refused',
      `PostgreSQL refused the statement: ${error.message} (SQLSTATE ${String(error.code)})`,
      {
        cause: error,
        ...(hint !== undefined && { hint }),
      },
    )
  }
}

/** More values than the statement has places for, or fewer: PostgreSQL calls it a violation of its protocol, as much else. */
const isOfParameters = (error: Error): boolean => 'routine' in error && error.routine === 'exec_bind_message'

/** The database's own, and what can be done about a statement that was ended before its time. */
function hintOf(error: Error, sqlstate: string): string | undefined {
  if ('hint' in error && typeof error.hint === 'string') return error.hint
  if (/multiple commands/i.test(error.message)) {
    return 'Values can be bound to one statement alone: let each be a step of its own, or the values of WITH clauses in one.'
  }
  if (sqlstate !== CANCELLED) return undefined
  return /timeout/i.test(error.message)
    ? 'It took longer than statement_timeout allows there, and nothing of it was kept: do it in smaller parts, or find out what it waits for.'
    : 'Somebody ended it there, and nothing of it was kept: retry it when it may run.'
}
