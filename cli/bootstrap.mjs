#!/usr/bin/env node
import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

import { checkNode } from './prepare/check-node.mjs'
import { describeError } from './prepare/plain-error.mjs'
import { prepare } from './prepare/prepare.mjs'
import { ROOT } from './prepare/root.mjs'

/** Commands that serve the web application, and so need its build. */
const SERVES_WEB = new Set(['start', 'web', 'build'])

checkNode()
try {
  const dotenv = path.join(ROOT, '.env')
  if (existsSync(dotenv)) process.loadEnvFile(dotenv)
  const builds = await prepare({ web: SERVES_WEB.has(process.argv[2]) })
  const { main } = await import(pathToFileURL(path.join(builds.app, 'pageturner.js')).href)
  await main(process.argv, builds)
} catch (error) {
  console.error(describeError(error))
  process.exit(1)
}
