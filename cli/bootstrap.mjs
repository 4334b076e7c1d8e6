#!/usr/bin/env node
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

import { checkNode } from './prepare/check-node.mjs'
import { describeError } from './prepare/plain-error.mjs'
import { prepare, prepareSources } from './prepare/prepare.mjs'
import { ROOT } from './prepare/root.mjs'

/** Commands that serve the web application, and so need its build. */
const SERVES_WEB = new Set(['start', 'web'])

checkNode()
try {
  const command = process.argv[2]
  if (command === 'test') await test()
  else await run(command)
} catch (error) {
  console.error(describeError(error))
  process.exit(1)
}

/** @param {string | undefined} command */
async function run(command) {
  const dotenv = path.join(ROOT, '.env')
  if (existsSync(dotenv)) process.loadEnvFile(dotenv)
  const builds = await prepare({ web: SERVES_WEB.has(command) })
  const { main } = await import(pathToFileURL(path.join(builds.app, 'pageturner.js')).href)
  await main(process.argv, builds)
}

/** The checks run from their sources, so that a source that does not build is one of the things they find. */
async function test() {
  await prepareSources()
  const checks = path.join(ROOT, 'cli', 'checks', 'run-checks.ts')
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', checks], { cwd: ROOT, stdio: 'inherit' })
  process.exit(status ?? 1)
}
