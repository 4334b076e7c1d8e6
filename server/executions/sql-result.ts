import { DomainError } from '@/domain/domain-error'

export type SqlResult = { table: string | null; rowCount: number; rows: unknown[] }

/** Features, data, rights, conflicts with others, locks, syntax, views, PL/pgSQL, and the statement's own time. */
const OF_THE_STATEMENT = /^(?:0A|2|3|40|42|44|55P03|57014|P0)/

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
    if (!(error instanceof Error) || !('code' in error) || !OF_THE_STATEMENT.test(String(error.code))) throw error
    if (error.code === READ_ONLY && !isOwnDoing) throw error
    const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined
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
