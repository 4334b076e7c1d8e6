import { cpSync, existsSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'

import { withProgress } from './progress.mjs'
import { ROOT } from './root.mjs'
import { runQuietly } from './run-quietly.mjs'
import { hashSources } from './source-hash.mjs'

const SOURCES = [
  'app',
  'components',
  'domain',
  'server',
  'public',
  'proxy.ts',
  'next.config.js',
  'postcss.config.js',
  'tsconfig.json',
  'package-lock.json',
  'prisma/schema.prisma',
]

/**
 * Builds the web application into `dist/web-<hash>`, unless that is there already. Next builds in `.next`; what is
 * served is a copy, so a build never pulls the files from under a server that is running. Links in the copy are
 * absolute, so a project that was moved is built again.
 * @returns {Promise<string>} the folder
 */
export async function buildWeb() {
  const folder = path.join(ROOT, 'dist', `web-${hashSources(SOURCES, [ROOT])}`)
  if (existsSync(folder)) return folder
  await withProgress('Building the web application (only after a change)', async () => {
    await runQuietly(process.execPath, [path.join(ROOT, 'node_modules/next/dist/bin/next'), 'build'], {
      env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1' },
      whatFailed: 'The web application could not be built',
    })
    const built = path.join(ROOT, '.next')
    const draft = `${folder}.draft`
    rmSync(draft, { recursive: true, force: true })
    cpSync(built, draft, {
      recursive: true,
      filter: (source) => source !== path.join(built, 'cache') && source !== path.join(built, 'trace'),
    })
    renameSync(draft, folder)
  })
  return folder
}
