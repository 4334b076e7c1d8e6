import { join } from 'node:path'
import { defineConfig } from 'prisma/config'

/**
 * `prisma generate` only looks whether its schema engine is there; any file will do, and nothing is downloaded.
 * Migrations go through the WebAssembly engine in server/db/schema-engine.ts.
 */
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= join(import.meta.dirname, 'package.json')

export default defineConfig({ schema: 'prisma/schema.prisma', migrations: { path: 'prisma/migrations' } })
