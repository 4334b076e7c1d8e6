import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

import { withProgress } from './progress.mjs'
import { ROOT } from './root.mjs'
import { runQuietly } from './run-quietly.mjs'
import { hashSources } from './source-hash.mjs'

const GENERATED = path.join(ROOT, 'server', 'db', 'generated')
const STAMP = path.join(GENERATED, '.schema-hash')

/** Generates Prisma's client again when the schema changed. */
export async function generateClient() {
  const hash = hashSources(['prisma/schema.prisma', 'prisma.config.ts', 'node_modules/prisma/package.json'])
  if (existsSync(path.join(GENERATED, 'client.ts')) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) return
  await withProgress("Generating Prisma's client", async () => {
    await runQuietly(process.execPath, [path.join(ROOT, 'node_modules/prisma/build/index.js'), 'generate'], {
      whatFailed: 'prisma generate failed',
    })
  })
  writeFileSync(STAMP, hash)
}
