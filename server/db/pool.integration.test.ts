import { connect, createServer, type Socket } from 'node:net'
import { afterAll, expect, it } from 'vitest'
import { isPassing } from '../executions/is-passing'
import { createTestDatabase } from './testing/create-test-database'
import { openPool, pool } from './pool'
import { withTransaction } from './with-transaction'

const { url } = await createTestDatabase()

it('gives up a connection that went silent, in a transaction too, and the next statement gets a new one', async () => {
  const proxy = await silencingProxy(new URL(url))
  const through = openPool(proxy.url, { query_timeout: 500 })
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
  expect(Date.now() - startedAt).toBeLessThan(1_500)
  proxy.speak()
  expect((await through.query('SELECT 3 AS three')).rows).toEqual([{ three: 3 }])
})

it('frees what a silent transaction holds after 20 s', async () => {
  const { rows } = await pool().query<{ setting: string }>(
    `SELECT current_setting('idle_in_transaction_session_timeout') AS setting`,
  )
  expect(rows[0]?.setting).toBe('20s')
})

/** Stands before the database; silenced, it takes what comes, hands nothing on and closes nothing. */
async function silencingProxy(to: URL): Promise<{ url: string; silence(): void; speak(): void; close(): void }> {
  const sockets = new Set<Socket>()
  let silent = false
  const server = createServer((near) => {
    const far = connect(Number(to.port), to.hostname)
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (chunk) => void (silent || into.write(chunk)))
      from.on('error', () => undefined)
      from.on('close', () => into.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: Object.assign(new URL(to), { port: String(port) }).href,
    silence: () => (silent = true),
    speak: () => (silent = false),
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
