import { afterAll, expect, it } from 'vitest'
import { createTestDatabase } from './testing/create-test-database'
import { silencingProxy } from './testing/silencing-proxy'
import { openPool, pool } from './pool'
import { queryAtOnce } from './query-at-once'

const { url } = await createTestDatabase()

const echo = (values: readonly (string | null)[]) =>
  queryAtOnce<{ all: (string | null)[] }>(pool(), {
    name: `echo-${values.length}`,
    text: `SELECT ARRAY[${values.map((_, place) => `$${place + 1}`).join(', ')}]::text[] AS all`,
    values,
  })

it('sends texts of every length and alphabet, and nulls, as they are', async () => {
  const values = ['', null, 'ä€😀', 'x'.repeat(70_000), null, '"quoted\\"\n', '₿'.repeat(30_000)]
  expect((await echo(values)).rows[0]?.all).toEqual(values)
})

it('sends bytes as the text they are in UTF-8', async () => {
  const bytes = new TextEncoder().encode('{"a":"ü😀"}')
  const { rows } = await queryAtOnce(pool(), { name: 'bytes', text: 'SELECT $1::text AS text', values: [bytes] })
  expect(rows).toEqual([{ text: '{"a":"ü😀"}' }])
})

it('prepares a statement once a connection, beside those that pg sends by itself', async () => {
  const client = await pool().connect()
  try {
    const query = { name: 'twice', text: 'SELECT $1::integer + 1 AS more' }
    expect((await queryAtOnce(client, { ...query, values: ['1'] })).rows).toEqual([{ more: 2 }])
    expect((await client.query({ ...query, values: [2] })).rows).toEqual([{ more: 3 }])
    expect((await queryAtOnce(client, { ...query, values: ['3'] })).rows).toEqual([{ more: 4 }])
    const prepared = await client.query(`SELECT FROM pg_prepared_statements WHERE name = 'twice'`)
    expect(prepared.rowCount).toBe(1)
  } finally {
    client.release()
  }
})

it('rejects with what the server says, and the pool has its connection back', async () => {
  const refused = queryAtOnce(pool(), { name: 'refused', text: 'SELECT $1::integer', values: ['no number'] })
  await expect(refused).rejects.toMatchObject({ code: '22P02' })
  await expect(echo(['after'])).resolves.toMatchObject({ rows: [{ all: ['after'] }] })
  expect(pool().idleCount).toBe(pool().totalCount)
})

it('is given up like every other statement when no answer comes', async () => {
  const proxy = await silencingProxy(new URL(url))
  const through = openPool(proxy.url, { query_timeout: 2_000 })
  afterAll(async () => {
    await through.end()
    proxy.close()
  })
  await through.query('SELECT 1')
  proxy.silence()
  const hung = queryAtOnce(through, { name: 'hung', text: 'SELECT $1::text', values: ['x'] })
  await expect(hung).rejects.toThrow('Query read timeout')
  proxy.speak()
})
