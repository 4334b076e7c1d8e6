import { readdirSync, rmSync } from 'node:fs'
import path from 'node:path'

import { readHolder, takeLock } from './lock.mjs'
import { ROOT } from './root.mjs'

const DIST = path.join(ROOT, 'dist')

/**
 * Keeps a build from being removed for as long as this process lives.
 * @param {string} folder
 */
export function markUsed(folder) {
  takeLock(path.join(DIST, 'used', `${path.basename(folder)}@${process.pid}`))
}

/** Removes the builds that no living process uses. */
export function pruneBuilds() {
  const used = new Set()
  for (const mark of readdirSync(path.join(DIST, 'used'))) {
    if (readHolder(path.join(DIST, 'used', mark)) === null) rmSync(path.join(DIST, 'used', mark), { force: true })
    else used.add(mark.split('@')[0])
  }
  for (const name of readdirSync(DIST)) {
    if (/^(app|web)-[0-9a-f]+$/.test(name) && !used.has(name))
      rmSync(path.join(DIST, name), { recursive: true, force: true })
  }
}
