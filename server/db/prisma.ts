import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import { PrismaClient } from './generated/client'
import { pool } from './pool'
import { processWide } from './process-wide'

/** A wait for a connection ends with the pool's own error, which says more than Prisma's. */
const CONNECTION_MS = 15_000
const TRANSACTION_MS = 30_000

/**
 * Prisma on the process's own pool, for the ordinary queries; hot statements are SQL. It holds no connection of its own:
 * closing the pool ends it, and the next pool gets another. Throws a DomainError when DATABASE_URL is unset.
 */
export function prisma(): PrismaClient {
  const clients = processWide('prisma', () => new WeakMap<pg.Pool, PrismaClient>())
  const present = clients.get(pool())
  if (present !== undefined) return present
  const client = new PrismaClient({
    adapter: new PrismaPg(pool()),
    transactionOptions: { maxWait: CONNECTION_MS, timeout: TRANSACTION_MS },
  })
  clients.set(pool(), client)
  return client
}
