import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { buildWeb } from './build-web.mjs'
import { bundle } from './bundle.mjs'
import { generateClient } from './generate-client.mjs'
import { installDependencies } from './install-dependencies.mjs'
import { takeLock } from './lock.mjs'
import { markUsed, pruneBuilds } from './prune-builds.mjs'
import { ROOT } from './root.mjs'

/**
 * Makes ready what a command needs, doing only what is missing: packages, Prisma's client, the bundle, the web build.
 * @param {{ web: boolean }} what
 * @returns {Promise<{ app: string, web: string | null }>} the folders of the builds
 */
export async function prepare({ web }) {
  const release = await takeTurn()
  try {
    await installDependencies()
    await generateClient()
    const app = await bundle()
    markUsed(app)
    if (!web) return { app, web: null }
    const builds = { app, web: await buildWeb() }
    markUsed(builds.web)
    pruneBuilds()
    return builds
  } finally {
    release()
  }
}

/** Makes ready what the sources need to be read by tools: packages and Prisma's client. */
export async function prepareSources() {
  const release = await takeTurn()
  try {
    await installDependencies()
    await generateClient()
  } finally {
    release()
  }
}

/** Two commands typed at once must not both install; the second waits for the first. */
async function takeTurn() {
  for (let told = false; ; told = true) {
    const lock = takeLock(path.join(ROOT, 'dist', 'prepare.lock'))
    if (lock.release !== null) return lock.release
    if (!told) console.error(`… Waiting for process ${lock.holder.pid}, which is installing or building in this folder`)
    await sleep(200)
  }
}
