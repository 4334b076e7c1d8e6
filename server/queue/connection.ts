import { createPostgresBackend, runMigrations, type PostgresConnectionOptions, type RedisOptions } from 'bullmq'
import type pg from 'pg'
import { ANSWER_TIMEOUT_MS, databaseUrl, openPool, pool } from '../db/pool'
import { processWide, takeProcessWide } from '../db/process-wide'
import { env } from '../env'

/** Where the queue lives: PostgreSQL unless REDIS_URL is set. */
export type QueueConnection =
  | { kind: 'postgresql'; connection: PostgresConnectionOptions; backend: typeof createPostgresBackend }
  | { kind: 'redis'; connection: RedisOptions & { url: string }; prefix: string }

/** A Redis that owes an answer for so long is connected to anew; the longest that a worker waits for a job in it is ten seconds. */
const SILENCE_MS = 15_000

/** Three workers hold one connection each to be woken by; the rest serve the statements. */
const MAX_CONNECTIONS = 8
/** Each queue and worker of the process listens for the pool's errors; more than ten Node takes for a leak. */
const MOST_LISTENERS = 50

/** The process's way to its queue. */
export function queueConnection(): QueueConnection {
  if (env.REDIS_URL !== undefined)
    return { kind: 'redis', connection: { url: env.REDIS_URL, socketTimeout: SILENCE_MS }, prefix: 'pageturner' }
  // pg.Pool is what BullMQ wants; only the overloads of its connect() hide that from the compiler.
  return {
    kind: 'postgresql',
    connection: queuePool() as unknown as PostgresConnectionOptions,
    backend: createPostgresBackend,
  }
}

/** Brings schema `bullmq` to the version this BullMQ wants; idempotent, several processes may call it at once. */
export async function migrateQueue(): Promise<void> {
  if (env.REDIS_URL !== undefined) return
  const client = await pool().connect()
  try {
    await runMigrations(client)
  } finally {
    client.release()
  }
}

/** Closes the pool the queue stands on, after everything that uses it. */
export async function closeQueueConnection(): Promise<void> {
  await takeProcessWide<pg.Pool>('queue-pool')?.end()
}

/** BullMQ's statements name no schema: the connection's search path does. */
function queuePool(): pg.Pool {
  return processWide('queue-pool', () =>
    openPool(databaseUrl(), {
      max: MAX_CONNECTIONS,
      application_name: 'pageturner-queue',
      query_timeout: ANSWER_TIMEOUT_MS,
      options: '-c search_path=bullmq',
    }).setMaxListeners(MOST_LISTENERS),
  )
}
