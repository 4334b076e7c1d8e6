import type { Pool, PoolClient } from 'pg'
import { isUnanswered, pool } from './pool'
import { discardTraces } from './session-traces'

/**
 * Runs `work` in one transaction and gives back what it returned; anything it throws rolls back.
 * Locks are always taken in the order execution, step, iteration, so that no two transactions wait for each other.
 */
export async function withTransaction<T>(work: (client: PoolClient) => Promise<T>, from: Pool = pool()): Promise<T> {
  const client = await from.connect()
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    broken = await rollback(client, error)
    throw error
  } finally {
    client.release(broken ?? (await unclean(client)))
  }
}

/** An error where the session could not be made new: what was done in it is done, and it is of no more use. */
async function unclean(client: PoolClient): Promise<Error | undefined> {
  try {
    await discardTraces(client)
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** An error where the connection is of no more use; the server rolls back by itself once it is closed. */
async function rollback(client: PoolClient, cause: unknown): Promise<Error | undefined> {
  if (cause instanceof Error && isUnanswered(cause)) return cause
  try {
    await client.query('ROLLBACK')
    return isReadOnly(cause) ? cause : undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** A session keeps the default it began with: only a new one sees that changes are accepted again. */
const isReadOnly = (cause: unknown): cause is Error =>
  cause instanceof Error && 'code' in cause && cause.code === '25006'
