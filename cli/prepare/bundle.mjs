import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'

import { ROOT } from './root.mjs'
import { hashSources } from './source-hash.mjs'

const SOURCES = ['cli', 'domain', 'server', 'worker', 'prisma/schema.prisma', 'tsconfig.json', 'package-lock.json']

/**
 * Bundles the command line and the processes into `dist/app-<hash>`, unless that is there already. A folder is never
 * written twice, so a running process can load its chunks for as long as it lives.
 * @returns {Promise<string>} the folder
 */
export async function bundle() {
  const folder = path.join(ROOT, 'dist', `app-${hashSources(SOURCES)}`)
  if (existsSync(folder)) return folder
  // A folder with its name is whole, also when two processes (test files) bundle at the same time.
  const draft = `${folder}.${process.pid}`
  const esbuild = await import('esbuild')
  await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: ['cli/pageturner.ts', 'cli/child.ts'],
    outdir: draft,
    entryNames: '[name]',
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: true,
    logLevel: 'error',
    logOverride: { 'import-is-undefined': 'error' },
    plugins: [keepPlaces(path.relative(folder, ROOT))],
  })
  // Its service would live on beside a command that runs for days.
  await esbuild.stop()
  try {
    renameSync(draft, folder)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    // Another was faster with the same.
    if (!existsSync(folder)) throw error
  }
  return folder
}

/**
 * Lets a bundled module find its neighbours: `import.meta.url` stays the place of its source file.
 * @param {string} toRoot the way from the bundle's folder to the project
 * @returns {import('esbuild').Plugin}
 */
function keepPlaces(toRoot) {
  return {
    name: 'keep-places',
    setup(build) {
      build.onLoad({ filter: /\.(ts|mjs)$/ }, ({ path: file }) => {
        if (file.includes('/node_modules/')) return
        const source = readFileSync(file, 'utf8')
        if (!source.includes('import.meta.url')) return
        const place = `${toRoot}/${path.relative(ROOT, file)}`.replaceAll(path.sep, '/')
        const contents = source.replaceAll('import.meta.url', `new URL(${JSON.stringify(place)}, import.meta.url).href`)
        return { contents, loader: file.endsWith('.ts') ? 'ts' : 'js' }
      })
    },
  }
}
