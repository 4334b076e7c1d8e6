import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const require = createRequire(import.meta.url)
process.chdir(process.argv[2] ?? '.')

const SOURCES = ['app', 'cli', 'components', 'domain', 'e2e', 'server', 'worker', 'proxy.ts'].filter((it) =>
  existsSync(it),
)

// dependency-cruiser parses with swc, because TypeScript 7 has no JS API, and leaves two things out: it never tells swc
// that a .tsx file holds JSX, and it does not tell `import type` from an import that is there at run time.
const swc = require('@swc/core')
const parseFileSync = swc.parseFileSync
let typesToo = true
swc.parseFileSync = (file, options) => {
  const tree = parseFileSync.call(swc, file, { ...options, tsx: file.endsWith('.tsx') })
  if (!typesToo) tree.body = tree.body.filter((item) => !isOnlyTypes(item))
  return tree
}

const { cruise } = await import('dependency-cruiser')
const { default: extractTSConfig } = await import('dependency-cruiser/config-utl/extract-ts-config')
const { forbidden, forbiddenAtRunTime, options } = require(path.resolve('.dependency-cruiser.cjs'))
const tsConfig = extractTSConfig('tsconfig.json')

const all = await check(forbidden)
typesToo = false
const atRunTime = await check(forbiddenAtRunTime)
const violations = [...all.violations, ...atRunTime.violations]
for (const { rule, from, to } of violations) console.log(`${from} → ${to}: ${rule.name}`)
console.log(`${all.totalCruised} modules, ${violations.length} bad imports`)
process.exitCode = violations.length === 0 ? 0 : 1

async function check(rules) {
  const { output } = await cruise(
    SOURCES,
    { ...options, validate: true, ruleSet: { forbidden: rules } },
    {},
    { tsConfig },
  )
  return output.summary
}

function isOnlyTypes({ type, typeOnly, specifiers = [] }) {
  if (type !== 'ImportDeclaration' && type !== 'ExportNamedDeclaration') return false
  return typeOnly || (specifiers.length > 0 && specifiers.every((specifier) => specifier.isTypeOnly))
}
