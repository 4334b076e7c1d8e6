import type { Queryable } from '../db/pool'
import { inDatabase } from '../databases/in-database'
import { ClaimLost } from './claim-lost'
import type { ElementWork } from './element-work'
import { refused } from './sql-result'

/**
 * Runs `use` on the caller's client, or in a transaction of its own in the registered database that `credential` names.
 * A claim that was lost by then commits nothing there. Throws DomainError, ClaimLost.
 */
export async function withClient<T>(
  client: Queryable | null,
  { secrets, lost }: Pick<ElementWork, 'secrets' | 'lost'>,
  credential: string | null,
  use: (client: Queryable) => Promise<T>,
): Promise<T> {
  if (credential === null) {
    if (client === null) throw new Error('There is no transaction of the local database to use.')
    return checked(client, use)
  }
  return inDatabase({ name: credential, url: secrets.get(credential) ?? '', signal: lost }, async (foreign) => {
    const result = await checked(foreign, use)
    if (lost.aborted) throw new ClaimLost()
    return result
  })
}

/** What is only checked at the end of a transaction (DEFERRABLE) is checked now, while it can still be told whose doing it is. */
async function checked<T>(client: Queryable, use: (client: Queryable) => Promise<T>): Promise<T> {
  const result = await use(client)
  await refused(async () => client.query('SET CONSTRAINTS ALL IMMEDIATE'))
  return result
}
