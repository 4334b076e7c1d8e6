import { execFile } from 'node:child_process'
import { chown, copyFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../db/embedded-postgres'

const run = promisify(execFile)
const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1']

const ASKING = fileURLToPath(new URL('./testing/ask-database.ts', import.meta.url))

let folder = ''
let server: EmbeddedPostgres | null = null
let hasOpenssl = true

/** An authority of ours, a certificate of its for `localhost`, and a server that shows it. */
beforeAll(async () => {
  hasOpenssl = await run('openssl', ['version']).then(
    () => true,
    () => false,
  )
  if (!hasOpenssl) return
  folder = await mkdtemp(join(tmpdir(), 'pageturner-tls-'))
  const openssl = async (...args: string[]): Promise<unknown> => run('openssl', args, { cwd: folder })
  await openssl('req', '-x509', ...EC, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=an authority of ours')
  await openssl('req', ...EC.slice(0, -2), '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=a database')
  await writeFile(join(folder, 'names'), 'subjectAltName=DNS:localhost\n')
  const from = ['-in', 'server.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial']
  await openssl('x509', '-req', ...from, '-days', '1', '-extfile', 'names', '-out', 'server.crt')
  server = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log: () => undefined })
  await turnTlsOn(server.url)
})

afterAll(async () => {
  await server?.stop()
  if (folder !== '') await rm(folder, { recursive: true, force: true })
})

beforeEach((context) => {
  if (!hasOpenssl) context.skip('openssl is not installed, so there is no certificate to check')
})

it('is encrypted, and the certificate checked, without a word in the address', async () => {
  expect(await ask(addressOf('localhost'), true)).toEqual({
    ssl: true,
    version: expect.stringMatching(/^TLSv1\.[23]$/),
  })
})

it('refuses a certificate of an authority that nobody named', async () => {
  expect(await ask(addressOf('localhost'), false)).toEqual({ error: expect.stringMatching(/unable to (verify|get)/) })
})

it('refuses a certificate that is for another host', async () => {
  expect(await ask(addressOf('127.0.0.1'), true)).toEqual({ error: expect.stringMatching(/127\.0\.0\.1/) })
})

it('takes any certificate where the address says so', async () => {
  expect(await ask(`${addressOf('127.0.0.1')}?sslmode=require`, false)).toMatchObject({ ssl: true })
})

/** TLS is a setting that a running server takes up; its key must belong to the account it runs under. */
async function turnTlsOn(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory')
  const directory = rows[0]?.data_directory ?? ''
  const { uid, gid } = await stat(directory)
  for (const name of ['server.crt', 'server.key']) {
    await copyFile(join(folder, name), join(directory, name))
    await chown(join(directory, name), uid, gid)
  }
  await client.query('ALTER SYSTEM SET ssl = on')
  await client.query('SELECT pg_reload_conf()')
  await client.end()
  // The server reads its settings again in its own time; who connects after that gets the new ones.
  await vi.waitFor(async () => expect(await takesTls(url)).toBe('on'), { timeout: 30_000, interval: 50 })
}

async function takesTls(url: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ ssl: string }>('SHOW ssl')
  await client.end()
  return rows[0]?.ssl
}

const addressOf = (host: string): string => {
  const { username, password, port } = new URL(server?.url ?? '')
  return `postgres://${username}:${password}@${host}:${port}/postgres`
}

async function ask(url: string, trustsOurs: boolean): Promise<unknown> {
  const { stdout } = await run(process.execPath, ['--import', 'tsx', ASKING, url], {
    env: {
      NODE_ENV: 'test',
      PAGETURNER_ALLOW_HOSTS: 'localhost:*,127.0.0.1:*',
      ...(trustsOurs && { NODE_EXTRA_CA_CERTS: join(folder, 'ca.crt') }),
    },
  })
  return JSON.parse(stdout)
}
