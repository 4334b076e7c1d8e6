import pg from 'pg'
import { DomainError } from '@/domain/domain-error'
import { env } from '../env'
import { processWide, takeProcessWide } from './process-wide'

/** A pool or one of its clients, where a statement doesn't care which. */
export type Queryable = Pick<pg.ClientBase, 'query'>

const MAX_CONNECTIONS = 10

/**
 * A connection whose other end went away without a word is given up after this; every statement of ours is answered
 * sooner, or asked for by `patiently`.
 */
export const ANSWER_TIMEOUT_MS = 10_000
const LONG_ANSWER_TIMEOUT_MS = 120_000

/** What a transaction whose process fell silent may hold others up for. Its locks keep a run from going on elsewhere. */
const IDLE_TRANSACTION_MS = 20_000

/** The process's connections as the owner of schema `noetl`. Throws a DomainError when DATABASE_URL is unset. */
export function pool(): pg.Pool {
  return processWide('pool', () =>
    openPool(databaseUrl(), {
      max: MAX_CONNECTIONS,
      query_timeout: ANSWER_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
    }),
  )
}

/** DATABASE_URL, or a DomainError that says who sets it. */
export function databaseUrl(): string {
  if (env.DATABASE_URL !== undefined) return env.DATABASE_URL
  throw new DomainError('unavailable', 'DATABASE_URL is not set, so there is no database to use.', {
    hint: 'Start with `npm start`, which brings its own PostgreSQL, or set DATABASE_URL=postgresql://user:password@host:port/database.',
  })
}

/** A pool that survives restarts of the server: a connection that breaks, idle or between two statements, is not thrown at the process. */
export function openPool(url: string | undefined, options: Omit<pg.PoolConfig, 'connectionString'>): pg.Pool {
  const opened = new pg.Pool({
    ...(url !== undefined && { connectionString: url }),
    application_name: 'pageturner',
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...options,
  })
  opened.on('error', () => undefined)
  opened.on('connect', (client) => client.on('error', () => undefined))
  return opened
}

/** A statement over as many rows as a run has elements: it may take longer than those of every day. */
export const patiently = (query: pg.QueryConfig): pg.QueryConfig & { query_timeout: number } => ({
  ...query,
  query_timeout: LONG_ANSWER_TIMEOUT_MS,
})

/** True when no answer came in time: nothing more can be asked on that connection. */
export const isUnanswered = (error: unknown): boolean =>
  error instanceof Error && error.message === 'Query read timeout'

/** Closes the process's pool, waiting for the statements in flight. */
export async function closePool(): Promise<void> {
  await takeProcessWide<pg.Pool>('pool')?.end()
}
