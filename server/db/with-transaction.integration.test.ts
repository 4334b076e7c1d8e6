import { expect, it } from 'vitest'
import { pool } from './pool'
import { createTestDatabase } from './testing/create-test-database'
import { withTransaction } from './with-transaction'

await createTestDatabase()

it('rejects, and leaves the process alone, when its connection is ended between two statements', async () => {
  const broken = withTransaction(async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    // Not `once` of node:events: it rejects on the error that comes before the end.
    const ended = new Promise<void>((resolve) => client.once('end', resolve))
    await pool().query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])
    await ended
    await client.query('SELECT 1')
  })
  await expect(broken).rejects.toThrow(/not queryable|terminat|ended/i)
  expect(await withTransaction(async (client) => (await client.query('SELECT 1 AS one')).rows)).toEqual([{ one: 1 }])
})
