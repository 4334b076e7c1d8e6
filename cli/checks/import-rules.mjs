import { createRequire } from 'node:module'
import path from 'node:path'

const require = createRequire(import.meta.url)
const root = path.resolve(process.argv[2] ?? '.')
process.chdir(root)

// dependency-cruiser parses with swc (TypeScript 7 has no JS API), but never tells it that a .tsx file holds JSX.
const swc = require('@swc/core')
const parseFileSync = swc.parseFileSync
swc.parseFileSync = (file, options) => parseFileSync.call(swc, file, { ...options, tsx: file.endsWith('.tsx') })

const { cruise } = await import('dependency-cruiser')
const { default: extractTSConfig } = await import('dependency-cruiser/config-utl/extract-ts-config')
const { forbidden, options } = require(path.join(root, '.dependency-cruiser.cjs'))

const FOLDERS = ['app', 'cli', 'components', 'domain', 'e2e', 'server', 'worker', 'proxy.ts']
const { existsSync } = await import('node:fs')
const sources = FOLDERS.filter((folder) => existsSync(folder))
const { output } = await cruise(
  sources,
  { ...options, validate: true, ruleSet: { forbidden } },
  {},
  { tsConfig: extractTSConfig('tsconfig.json') },
)
for (const { rule, from, to } of output.summary.violations) console.log(`${from} → ${to}: ${rule.name}`)
console.log(`${output.summary.totalCruised} modules, ${output.summary.violations.length} bad imports`)
process.exitCode = output.summary.violations.length === 0 ? 0 : 1
