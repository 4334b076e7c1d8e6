import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'

import { ROOT } from './root.mjs'

const NOT_BUILT = /(\.test\.tsx?|\.md|\.tsbuildinfo)$|(^|\/)(testing|generated)\//

/**
 * A short hash of everything in the given files and folders that ends up in a build.
 * @param {string[]} sources relative to the project
 * @param {string[]} [facts] what else the build depends on
 * @returns {string}
 */
export function hashSources(sources, facts = []) {
  const hash = createHash('sha256').update(JSON.stringify(facts))
  for (const source of sources) {
    for (const file of filesOf(source)) {
      hash.update(`${file}\0`)
      hash.update(readFileSync(path.join(ROOT, file)))
      hash.update('\0')
    }
  }
  return hash.digest('hex').slice(0, 16)
}

/**
 * @param {string} source
 * @returns {string[]}
 */
function filesOf(source) {
  const absolute = path.join(ROOT, source)
  if (!existsSync(absolute)) return []
  if (statSync(absolute).isFile()) return [source]
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath ?? entry.path, entry.name)))
    .filter((file) => !NOT_BUILT.test(file))
    .toSorted()
}
