import type { Queryable } from './pool'

/** Connections whose session may not be as it was: settings, temporary tables, advisory locks, prepared statements. */
const traced = new WeakSet<Queryable>()

/** Notes that SQL of a playbook runs on this connection, which the next one to use it must not notice. */
export const leavesTraces = (client: Queryable): void => void traced.add(client)

/** Makes the session new again, outside of any transaction, where something may be left in it. */
export async function discardTraces(client: Queryable): Promise<void> {
  if (traced.delete(client)) await client.query('DISCARD ALL')
}
