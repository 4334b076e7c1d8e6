import pg from 'pg'
import { DomainError } from '@/domain/domain-error'
import { ensureRoles } from './ensure-roles'
import { NO_FILTERS, openSchemaEngine, readMigrations } from './schema-engine'

/** Taken for the whole migration: of several processes that start at once, one migrates and the others find it done. */
const LOCK = 7_202_611_230_001n
const OLDEST_SERVER = 140_000

type LedgerRow = { name: string; finished: boolean }

/**
 * Brings the database at `url` to this version's schema, functions and roles. Safe at every start and from several
 * processes at once. Throws a DomainError when a newer version migrated it, it is too old, or a right is missing.
 */
export async function migrateDatabase(url: string): Promise<{ applied: string[] }> {
  const client = new pg.Client({ connectionString: url, application_name: 'pageturner migrate' })
  client.on('error', () => undefined)
  await connect(client)
  try {
    await refuseOldServer(client)
    await client.query('SELECT pg_advisory_lock($1)', [LOCK.toString()])
    const applied = await applyPending(client, url)
    await ensureRoles(client)
    return { applied }
  } finally {
    await client.end()
  }
}

async function connect(client: pg.Client): Promise<void> {
  try {
    await client.connect()
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause)
    throw new DomainError('unavailable', `The database at ${client.host}:${client.port} does not let us in: ${said}`, {
      cause,
      hint: 'Check that it runs and that host, port, user, password and database in DATABASE_URL are right.',
    })
  }
}

async function refuseOldServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num')
  if (Number(rows[0]?.server_version_num) >= OLDEST_SERVER) return
  throw new DomainError('unavailable', 'The database server is older than PostgreSQL 14.', {
    hint: 'Use PostgreSQL 14 or later (16 or later is better), or unset DATABASE_URL for the one that comes along.',
  })
}

async function applyPending(client: pg.Client, url: string): Promise<string[]> {
  const migrationsList = await readMigrations()
  const ours = migrationsList.migrationDirectories.map((directory) => directory.path)
  const ledger = await readLedger(client)
  const foreign = ledger.find((row) => !ours.includes(row.name))
  if (foreign !== undefined) {
    throw new DomainError('unavailable', `A newer version of Pageturner migrated this database (${foreign.name}).`, {
      hint: 'Start that version or a later one, or point DATABASE_URL at another database.',
    })
  }
  const finished = new Set(ledger.filter((row) => row.finished).map((row) => row.name))
  if (ours.every((name) => finished.has(name))) return []

  await makeSchema(client)
  const { engine, close } = await openSchemaEngine(url)
  try {
    // Each script is one transaction, so one that was cut short left nothing and may run again.
    for (const row of ledger.filter((entry) => !entry.finished)) {
      await engine.markMigrationRolledBack({ migrationName: row.name })
    }
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: NO_FILTERS })
    return appliedMigrationNames
  } finally {
    await close()
  }
}

async function readLedger(client: pg.Client): Promise<LedgerRow[]> {
  const { rows } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('noetl._prisma_migrations') IS NOT NULL AS there`,
  )
  if (rows[0]?.there !== true) return []
  const ledger = await client.query<LedgerRow>(
    `SELECT migration_name AS name, finished_at IS NOT NULL AS finished
     FROM noetl._prisma_migrations WHERE rolled_back_at IS NULL`,
  )
  return ledger.rows
}

async function makeSchema(client: pg.Client): Promise<void> {
  try {
    await client.query('CREATE SCHEMA IF NOT EXISTS noetl')
  } catch (cause) {
    const { user = '', database = '' } = client
    throw new DomainError(
      'unavailable',
      `The database user "${user}" may not make the schema noetl in "${database}".`,
      {
        cause,
        hint: `An administrator runs: ALTER DATABASE ${pg.escapeIdentifier(database)} OWNER TO ${pg.escapeIdentifier(user)};`,
      },
    )
  }
}
