import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

import { withProgress } from './progress.mjs'
import { ROOT } from './root.mjs'
import { runQuietly } from './run-quietly.mjs'

/** Not in node_modules: npm takes a folder that changed after its own note as one it does not know. */
const STAMP = path.join(ROOT, 'dist', 'installed')
/** npm's own note of what it installed. */
const INSTALLED = path.join(ROOT, 'node_modules', '.package-lock.json')
const LOCKFILE = path.join(ROOT, 'package-lock.json')

/** Makes node_modules what package-lock.json says. Packages' own install scripts are never run: none of them is needed. */
export async function installDependencies() {
  const wanted = createHash('sha256').update(readFileSync(LOCKFILE)).digest('hex')
  if (existsSync(INSTALLED) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return
  if (!isInstalled()) await withProgress('Installing packages from the npm registry', runNpm)
  writeFileSync(STAMP, wanted)
}

/** @returns {boolean} true when every package that the lock file asks of this platform is there in that version */
function isInstalled() {
  if (!existsSync(INSTALLED)) return false
  const present = JSON.parse(readFileSync(INSTALLED, 'utf8')).packages
  const wanted = Object.entries(JSON.parse(readFileSync(LOCKFILE, 'utf8')).packages)
  return wanted.every(([name, { version, optional }]) => name === '' || optional || present[name]?.version === version)
}

async function runNpm() {
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js') ? [process.execPath, process.env.npm_execpath] : ['npm']
  const args = [...npm.slice(1), 'install', '--no-save', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund']
  await runQuietly(npm[0], args, {
    whatFailed: 'npm could not install the packages',
    remedy: 'Check that the npm registry can be reached (npm ping), then run the same command again.',
  })
}
