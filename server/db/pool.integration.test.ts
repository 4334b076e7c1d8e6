import { afterAll, expect, it } from 'vitest'
import { isPassing } from '../executions/is-passing'
import { createTestDatabase } from './testing/create-test-database'
import { silencingProxy } from './testing/silencing-proxy'
import { openPool, pool } from './pool'
import { withTransaction } from './with-transaction'

const { url } = await createTestDatabase()

it('gives up a connection that went silent, in a transaction too, and the next statement gets a new one', async () => {
  const proxy = await silencingProxy(new URL(url))
  const through = openPool(proxy.url, { query_timeout: 2_000 })
  afterAll(async () => {
    await through.end()
    proxy.close()
  })
  await through.query('SELECT 1')
  proxy.silence()
  const startedAt = Date.now()
  const hung = withTransaction(async (client) => client.query('SELECT 2'), through)
  const error: unknown = await hung.catch((cause: unknown) => cause)
  expect(error).toMatchObject({ message: 'Query read timeout' })
  expect(isPassing(error)).toBe(true)
  // Long before a statement that nobody gave up would be.
  expect(Date.now() - startedAt).toBeLessThan(10_000)
  proxy.speak()
  expect((await through.query('SELECT 3 AS three')).rows).toEqual([{ three: 3 }])
})

it('frees what a silent transaction holds after 20 s', async () => {
  const { rows } = await pool().query<{ setting: string }>(
    `SELECT current_setting('idle_in_transaction_session_timeout') AS setting`,
  )
  expect(rows[0]?.setting).toBe('20s')
})
