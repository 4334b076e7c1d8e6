import { expect, test } from 'vitest'
import { problemOf } from '../problem'
import { closePool, pool } from './pool'
import { prisma } from './prisma'
import { createTestDatabase } from './testing/create-test-database'

await createTestDatabase()

test('goes on with the next pool after its own was closed, and leaves no connection in use', async () => {
  const before = prisma()
  expect(await before.secret.count()).toBe(0)
  await closePool()
  expect(prisma()).not.toBe(before)
  expect(await prisma().$transaction((tx) => tx.secret.count())).toBe(0)
  await expect.poll(() => pool().totalCount - pool().idleCount, { timeout: 10_000 }).toBe(0)
})

test('a connection that the database ended is told as one, and the next query has another', async () => {
  const waiting = statusOf(prisma().$transaction((tx) => tx.$queryRaw`SELECT pg_sleep(60)::text`))
  await expect.poll(endSleepers, { timeout: 20_000 }).toBe(1)
  expect(await waiting).toBe(503)
  expect(await prisma().secret.count()).toBe(0)
})

const statusOf = async (work: Promise<unknown>): Promise<number> =>
  work.then(
    () => Promise.reject(new Error('it was not refused')),
    (error: unknown) => problemOf(error).status,
  )

async function endSleepers(): Promise<number | null> {
  const { rowCount } = await pool().query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()`,
  )
  return rowCount
}
