import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import { setVariables } from '@/server/env'
import { ensureRoles } from '../ensure-roles'
import { closePlaybookPool } from '../playbook-pool'
import { closePool } from '../pool'
import { closeReaderPool } from '../reader-pool'
import { playbookRole, readerRole } from '../role-names'

/**
 * Gives this test file a migrated database of its own, which `env.DATABASE_URL` then names, and drops it after the
 * file's last test. Call it at the top of the file: `await createTestDatabase()`.
 */
export async function createTestDatabase(): Promise<{ url: string }> {
  const template = new URL(inject('templateDatabaseUrl'))
  const name = `test_${randomBytes(6).toString('hex')}`
  const url = withDatabase(template, name)
  setVariables({ DATABASE_URL: url, PAGETURNER_SECRET_KEY: inject('secretKey') })
  await onServer(template, (client) =>
    client.query(`CREATE DATABASE ${name} TEMPLATE ${pg.escapeIdentifier(template.pathname.slice(1))}`),
  )
  await onServer(new URL(url), ensureRoles, name)
  afterAll(async () => {
    await Promise.all([closePool(), closePlaybookPool(), closeReaderPool()])
    await onServer(template, async (client) => {
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`)
      await client.query(`DROP ROLE ${playbookRole(name)}, ${readerRole(name)}`)
    })
  })
  return { url }
}

const withDatabase = (url: URL, database: string): string =>
  Object.assign(new URL(url), { pathname: `/${database}` }).href

async function onServer(url: URL, work: (client: pg.Client) => Promise<unknown>, database = 'postgres'): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(url, database) })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
