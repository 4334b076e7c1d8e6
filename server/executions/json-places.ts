import type { Queryable } from '../db/pool'
import { refused } from './sql-result'

/** What PREPARE takes. */
const PREPARABLE = /^\s*(?:SELECT|INSERT|UPDATE|DELETE|MERGE|VALUES|WITH)\b/i
const NAME = 'pageturner_places'

/**
 * Which parameters of a statement, from 0, PostgreSQL takes for JSON: a list of plain values means something else there
 * than for a column of lists, and an empty one would be stored as an empty object. Throws DomainError.
 */
export async function jsonPlaces(client: Queryable, statement: string): Promise<ReadonlySet<number>> {
  if (!PREPARABLE.test(statement)) return new Set()
  // As one message the text can't be more than one statement.
  const preparing = { text: `PREPARE ${NAME} AS ${statement}`, queryMode: 'extended' }
  await refused(async () => client.query(preparing))
  const { rows } = await client.query<{ types: string[] }>(
    `SELECT parameter_types::text[] AS types FROM pg_catalog.pg_prepared_statements WHERE name = '${NAME}'`,
  )
  await client.query(`DEALLOCATE ${NAME}`)
  const types = rows[0]?.types ?? []
  return new Set(types.flatMap((type, place) => (type === 'json' || type === 'jsonb' ? [place] : [])))
}
