import type { Queryable } from '../db/pool'

/** Lets the workers look at what they hold as soon as the caller's transaction is committed; without it they look every second. */
export async function tellWorkers(client: Queryable, executionIds: readonly string[]): Promise<void> {
  await client.query(`SELECT pg_notify('noetl_control', id) FROM unnest($1::text[]) AS id`, [executionIds])
}
