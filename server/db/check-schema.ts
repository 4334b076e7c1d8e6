import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { NO_FILTERS, openSchemaEngine, readMigrations, readSchema } from './schema-engine'

/** Columns, constraints and indexes of schema noetl, a line each. The engine's own comparison breaks on PostgreSQL 18, which lists NOT NULL among the constraints. */
const DESCRIBE = `
  SELECT format('column %s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attnotnull THEN ' NOT NULL' END, ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)) AS line
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' AND c.relnamespace = 'noetl'::regnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT format('constraint %s %s %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
  FROM pg_constraint c WHERE c.connamespace = 'noetl'::regnamespace AND c.contype <> 'n'
  UNION ALL
  SELECT format('index %s', indexdef) FROM pg_indexes WHERE schemaname = 'noetl'
  ORDER BY line`

/** The data model as text; given by a test that plants a difference. */
type Schema = Awaited<ReturnType<typeof readSchema>>

/**
 * Makes a scratch database on the server at `url`, once from the migrations and once from prisma/schema.prisma, and gives
 * back what only one of them has, a line each; [] when they agree.
 */
export async function checkSchema(url: string, schema?: Schema): Promise<string[]> {
  const name = `schema_check_${randomBytes(6).toString('hex')}`
  const scratch = Object.assign(new URL(url), { pathname: `/${name}` }).href
  return connected(url, async (server) => {
    await server.query(`CREATE DATABASE ${name} TEMPLATE template0`)
    try {
      return await connected(scratch, async (client) => {
        const migrated = await describe(client, await migrationScript())
        const modelled = await describe(client, await modelScript(scratch, schema ?? (await readSchema())))
        return [
          ...migrated.filter((line) => !modelled.includes(line)).map((line) => `only in the migrations: ${line}`),
          ...modelled.filter((line) => !migrated.includes(line)).map((line) => `only in schema.prisma: ${line}`),
        ]
      })
    } finally {
      await server.query(`DROP DATABASE ${name} WITH (FORCE)`)
    }
  })
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function describe(client: pg.Client, script: string): Promise<string[]> {
  await client.query('DROP SCHEMA IF EXISTS noetl CASCADE')
  await client.query(script)
  const { rows } = await client.query<{ line: string }>(DESCRIBE)
  return rows.map((row) => row.line)
}

async function migrationScript(): Promise<string> {
  const { migrationDirectories } = await readMigrations()
  return migrationDirectories.map((directory) => directory.migrationFile.content.value).join(';\n')
}

async function modelScript(url: string, schema: Schema): Promise<string> {
  const { engine, close } = await openSchemaEngine(url)
  try {
    const to = { tag: 'schemaDatamodel' as const, ...schema }
    const from = { tag: 'empty' as const }
    const { stdout } = await engine.diff({ from, to, script: true, exitCode: null, filters: NO_FILTERS })
    return `SET search_path = noetl; ${stdout ?? ''}; RESET search_path`
  } finally {
    await close()
  }
}
