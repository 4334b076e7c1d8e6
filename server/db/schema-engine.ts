import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, DriverAdapterError } from '@prisma/driver-adapter-utils'
import { type MigrationList, SchemaEngine, __wbg_set_wasm } from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'
import * as imports from '@prisma/schema-engine-wasm/schema_engine_bg'

export const NO_FILTERS = { externalTables: [], externalEnums: [] }

const { DatabaseError } = pg
type DatabaseError = pg.DatabaseError

let instantiated: Promise<void> | undefined

export type OpenSchemaEngine = { engine: SchemaEngine; close: () => Promise<void> }

/**
 * Prisma's own migration engine, compiled to WebAssembly and run in this process: nothing is downloaded. Its ledger,
 * `_prisma_migrations`, lies in schema `noetl`.
 */
export async function openSchemaEngine(url: string): Promise<OpenSchemaEngine> {
  await (instantiated ??= instantiate())
  const connections = new pg.Pool({ connectionString: url, options: '-c search_path=noetl', max: 2 })
  connections.on('error', () => undefined)
  const adapter = bindMigrationAwareSqlAdapterFactory(new WholeScripts(connections, { schema: 'noetl' }))
  const engine = await SchemaEngine.new({ datamodels: undefined }, () => undefined, adapter)
  return {
    engine,
    close: async () => {
      engine.free()
      await connections.end()
    },
  }
}

/** Prisma's adapter cuts scripts at every semicolon, those inside of functions too, and runs the pieces one by one. Sent whole, a script is one transaction. */
class WholeScripts extends PrismaPg {
  override async connect(): ReturnType<PrismaPg['connect']> {
    return withWholeScripts(await super.connect())
  }
}

function withWholeScripts<A extends Awaited<ReturnType<PrismaPg['connect']>>>(adapter: A): A {
  adapter.executeScript = async (script) => {
    await adapter
      .underlyingDriver()
      .query(script)
      .catch((error: unknown) => {
        throw error instanceof DatabaseError ? asAdapterError(error) : error
      })
  }
  return adapter
}

/** In the adapter's words, so that the engine passes on what the server said. */
const asAdapterError = (error: DatabaseError): DriverAdapterError =>
  new DriverAdapterError({
    kind: 'postgres',
    code: error.code ?? '',
    severity: error.severity ?? 'ERROR',
    message: error.message,
    detail: error.detail,
    column: error.column,
    hint: error.hint,
  })

async function instantiate(): Promise<void> {
  const script = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const bytes = await readFile(join(dirname(script), 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': { ...imports } })
  __wbg_set_wasm(instance.exports)
  const start = instance.exports['__wbindgen_start']
  if (typeof start === 'function') start()
}

/** The migrations of this version, from `prisma/migrations`. */
export async function readMigrations(): Promise<MigrationList> {
  const baseDir = join(prismaFolder(), 'migrations')
  const entries = await readdir(baseDir, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  const migrationDirectories = await Promise.all(
    names.toSorted().map(async (name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok' as const, value: await readFile(join(baseDir, name, 'migration.sql'), 'utf8') },
      },
    })),
  )
  const lockfile = {
    path: 'migration_lock.toml',
    content: await readFile(join(baseDir, 'migration_lock.toml'), 'utf8'),
  }
  return { baseDir, lockfile, shadowDbInitScript: '', migrationDirectories }
}

/** `prisma/schema.prisma`, as the engine wants it. */
export async function readSchema(): Promise<{ files: { path: string; content: string }[] }> {
  const path = join(prismaFolder(), 'schema.prisma')
  return { files: [{ path, content: await readFile(path, 'utf8') }] }
}

/** Looked for upwards from here: a bundle lies at another depth than this file. */
function prismaFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'prisma', 'migrations')) && folder !== dirname(folder)) folder = dirname(folder)
  return join(folder, 'prisma')
}
