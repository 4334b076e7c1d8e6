import pg from 'pg'

import { DomainError } from '@/domain/domain-error'
import { checkStorage } from '@/server/db/check-storage'
import { env } from '@/server/env'
import { checkClock } from '@/server/queue/check-clock'
import { checkRedis } from '@/server/queue/check-redis'
import type { Finding } from './finding'

const CONNECT_MS = 5_000
const ROOM_KIB = 256

/** Database, clock and Redis as this machine reaches them: what can be looked at without a server. */
export async function checkBackends(): Promise<Finding[]> {
  return [...(await checkDatabase()), ...(await checkQueue())]
}

async function checkDatabase(): Promise<Finding[]> {
  if (env.DATABASE_URL === undefined) {
    return [{ what: 'database', state: 'note', detail: 'its own PostgreSQL, which runs while Pageturner does' }]
  }
  const reason = await connectFailure(env.DATABASE_URL)
  if (reason !== null) {
    const { host, pathname } = new URL(env.DATABASE_URL)
    const remedy = 'Start it, or correct DATABASE_URL; without DATABASE_URL, Pageturner brings its own PostgreSQL.'
    return [{ what: 'database', state: 'bad', detail: `${host}${pathname} does not answer: ${reason}`, remedy }]
  }
  return [await checkSaving(), await clockFinding()]
}

async function checkSaving(): Promise<Finding> {
  try {
    const trouble = await checkStorage(ROOM_KIB)
    if (trouble === null) return { what: 'database', state: 'ok', detail: 'it answers and saves' }
    return { what: 'database', state: 'bad', detail: trouble.message, remedy: trouble.hint }
  } catch (error) {
    const remedy = 'Bring it up to date: npx pageturner migrate'
    return { what: 'database', state: 'bad', detail: wordsOf(error), remedy }
  }
}

async function clockFinding(): Promise<Finding> {
  try {
    await checkClock()
    return { what: 'clock', state: 'ok', detail: "agrees with the database's" }
  } catch (error) {
    return { what: 'clock', state: 'bad', detail: wordsOf(error), ...hintOf(error) }
  }
}

async function checkQueue(): Promise<Finding[]> {
  if (env.REDIS_URL === undefined) return []
  try {
    await checkRedis()
    return [{ what: 'redis', state: 'ok', detail: 'it answers and evicts nothing' }]
  } catch (error) {
    const { host } = new URL(env.REDIS_URL)
    const remedy = 'Start Redis, or correct REDIS_URL; without REDIS_URL the queue lives in PostgreSQL.'
    const detail = error instanceof DomainError ? error.message : `${host} does not answer: ${wordsOf(error)}`
    return [{ what: 'redis', state: 'bad', detail, remedy, ...hintOf(error) }]
  }
}

async function connectFailure(url: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return null
  } catch (error) {
    return wordsOf(error)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** An address that is tried over IPv4 and IPv6 fails with two errors and no words of its own. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(wordsOf))].join('; ')
  return error instanceof Error ? error.message : String(error)
}

const hintOf = (error: unknown): { remedy?: string } =>
  error instanceof DomainError && error.hint !== null ? { remedy: error.hint } : {}
