import pg from 'pg'
import { DomainError } from '@/domain/domain-error'
import { env } from '../env'
import { processWide, takeProcessWide } from './process-wide'

/** A pool or one of its clients, where a statement doesn't care which. */
export type Queryable = Pick<pg.ClientBase, 'query'>

const MAX_CONNECTIONS = 10

/** The process's connections as the owner of schema `noetl`. Throws a DomainError when DATABASE_URL is unset. */
export function pool(): pg.Pool {
  return processWide('pool', () => openPool(databaseUrl(), { max: MAX_CONNECTIONS }))
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
    ...options,
  })
  opened.on('error', () => undefined)
  opened.on('connect', (client) => client.on('error', () => undefined))
  return opened
}

/** Closes the process's pool, waiting for the statements in flight. */
export async function closePool(): Promise<void> {
  await takeProcessWide<pg.Pool>('pool')?.end()
}
