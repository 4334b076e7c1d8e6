import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { setVariables } from '../env'
import { migrateDatabase } from './migrate'

const server = inject('templateDatabaseUrl')
const urlOf = (database: string, user?: { name: string; password: string }): string => {
  const url = new URL(server)
  url.pathname = `/${database}`
  if (user !== undefined) Object.assign(url, { username: user.name, password: user.password })
  return url.href
}

const run = async (url: string, sql: string): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const result: unknown = await client.query(sql)
    return result instanceof pg.Result ? (result.rows as Record<string, unknown>[]) : []
  } finally {
    await client.end()
  }
}

const MIGRATIONS = [
  '20261123000000_initial',
  '20261124000000_children_and_closing',
  '20261124000100_rate_budget',
  '20261124000200_last_page_only',
  '20261124000300_commit_pages',
  '20261124000400_commit_rounds',
  '20261124000500_retried_elements',
  '20261125000000_linked_retries',
  '20261125000100_schedules',
  '20261125000200_retention',
  '20261125000201_worker_trouble',
  '20261125001000_bodies_as_text',
  '20261130000000_keys_of_callers',
  '20261130000000_pauses_of_budgets',
]

const databases = ['mig_new', 'mig_cut', 'mig_future', 'mig_poor']

beforeAll(async () => {
  setVariables({ PAGETURNER_SECRET_KEY: inject('secretKey') })
  for (const name of databases) await run(urlOf('postgres'), `CREATE DATABASE ${name} TEMPLATE template0`)
  await run(urlOf('postgres'), `CREATE ROLE mig_poor_user LOGIN PASSWORD 'poor'`)
})

afterAll(async () => {
  for (const name of databases) {
    await run(urlOf('postgres'), `DROP DATABASE ${name} WITH (FORCE)`)
    await run(urlOf('postgres'), `DROP ROLE IF EXISTS ${name}_playbook, ${name}_reader`)
  }
  await run(urlOf('postgres'), 'DROP ROLE mig_poor_user')
})

test('several processes that start at once migrate an empty database once', async () => {
  const results = await Promise.all([1, 2, 3].map(() => migrateDatabase(urlOf('mig_new'))))
  expect(results.flatMap(({ applied }) => applied)).toEqual(MIGRATIONS)
  expect(await migrateDatabase(urlOf('mig_new'))).toEqual({ applied: [] })
})

test('a migration that was cut short is run again', async () => {
  await migrateDatabase(urlOf('mig_cut'))
  await run(
    urlOf('mig_cut'),
    `ALTER TABLE noetl._prisma_migrations SET SCHEMA public;
     DROP SCHEMA noetl CASCADE; CREATE SCHEMA noetl;
     ALTER TABLE public._prisma_migrations SET SCHEMA noetl;
     UPDATE noetl._prisma_migrations SET finished_at = NULL, applied_steps_count = 0`,
  )
  expect((await migrateDatabase(urlOf('mig_cut'))).applied).toEqual(MIGRATIONS)
})

test('a database that a newer version migrated is refused, with the remedy', async () => {
  await migrateDatabase(urlOf('mig_future'))
  await run(
    urlOf('mig_future'),
    `INSERT INTO noetl._prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '29990101000000_future', now())`,
  )
  await expect(migrateDatabase(urlOf('mig_future'))).rejects.toMatchObject({
    name: 'DomainError',
    message: 'A newer version of Pageturner migrated this database (29990101000000_future).',
    hint: expect.stringContaining('Start that version'),
  })
})

test('a user without the rights is told what an administrator has to run, and that is enough', async () => {
  const url = urlOf('mig_poor', { name: 'mig_poor_user', password: 'poor' })
  const refusal = { name: 'DomainError', hint: expect.stringContaining('An administrator runs: ALTER DATABASE') }
  await expect(migrateDatabase(url)).rejects.toMatchObject(refusal)
  await run(urlOf('mig_poor'), 'ALTER DATABASE mig_poor OWNER TO mig_poor_user')
  const hint = await migrateDatabase(url).then(
    () => '',
    (error: { hint: string }) => error.hint,
  )
  expect(hint).toContain('An administrator runs: ALTER ROLE')
  await run(urlOf('mig_poor'), hint.replace('An administrator runs: ', ''))
  expect(await migrateDatabase(url)).toEqual({ applied: [] })
})

test('a database that is not there is named', async () => {
  await expect(migrateDatabase(urlOf('mig_nowhere'))).rejects.toMatchObject({
    name: 'DomainError',
    message: expect.stringContaining('does not let us in: database "mig_nowhere" does not exist'),
  })
})
