import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'

import { ROOT } from '../prepare/root.mjs'
import { runCommand, runTool } from './run-command'

const CONFIGURATION = [
  '.dependency-cruiser.cjs',
  '.oxfmtrc.json',
  '.oxlintrc.json',
  'knip.json',
  'oxlint-plugin.js',
  'package.json',
  'tsconfig.json',
]

/** A project with our settings and nothing but violations. */
let project = ''

beforeAll(() => {
  project = mkdtempSync(path.join(tmpdir(), 'pageturner-guards-'))
  for (const file of CONFIGURATION) cpSync(path.join(ROOT, file), path.join(project, file))
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(project, 'node_modules'))
  for (const [file, text] of Object.entries({ ...INNOCENT, ...BAD_IMPORTS, ...BAD_CODE, ...BAD_TYPES }))
    plant(file, text)
})
afterAll(() => rmSync(project, { recursive: true, force: true }))

const INNOCENT = {
  'domain/a.ts': 'export const a = 1\n',
  'server/db/b.ts': 'export const b = 1\n',
  'server/db/generated/client.ts': 'export const client = 1\n',
  'server/executions/c.ts': 'export const c = 1\n',
  'worker/d.ts': 'export const d = 1\n',
  'app/e.ts': 'export const e = 1\n',
  'components/run/f.ts': 'export const f = 1\n',
  'domain/g.test.ts': 'export const g = 1\n',
  'components/screen.tsx': 'export const Screen = () => <></>\n',
}

/** By the rule that must refuse it. */
const BAD_IMPORTS = {
  'domain/domain-is-pure.ts': "import { b } from '@/server/db/b'\nexport const x = b\n",
  'domain/domain-is-pure-of-node.ts': "import { readFileSync } from 'node:fs'\nexport const x = readFileSync\n",
  'domain/one-file-parses-templates.ts': "import nunjucks from 'nunjucks'\nexport const x = nunjucks\n",
  'server/server-knows-no-caller.ts': "import { d } from '@/worker/d'\nexport const x = d\n",
  'server/db/adapters-know-no-use-case.ts': "import { c } from '../executions/c'\nexport const x = c\n",
  'components/run/components-are-client-safe.tsx':
    "import { b } from '@/server/db/b'\nexport const X = () => <i>{b}</i>\n",
  'components/run/components-know-no-route.ts': "import { e } from '@/app/e'\nexport const x = e\n",
  'components/ui/ui-knows-no-feature.ts': "import { f } from '../run/f'\nexport const x = f\n",
  'worker/worker-has-no-ui.ts': "import React from 'react'\nexport const x = React\n",
  'app/app-is-thin.ts': "import pg from 'pg'\nexport const x = pg\n",
  'cli/cli-has-no-ui.ts': "import { f } from '@/components/run/f'\nexport const x = f\n",
  'server/executions/prisma-lives-in-server-db.ts':
    "import { client } from '../db/generated/client'\nexport const x = client\n",
  'server/executions/bullmq-lives-in-queue-and-worker.ts': "import { Queue } from 'bullmq'\nexport const x = Queue\n",
  'server/executions/outbound-http-lives-in-server-http.ts':
    "import { request } from 'undici'\nexport const x = request\n",
  'e2e/e2e-is-a-user.ts': "import { a } from '@/domain/a'\nexport const x = a\n",
  'domain/no-test-imports.ts': "import { g } from './g.test'\nexport const x = g\n",
  'domain/no-cycles.ts': "import { y } from './no-cycles-back'\nexport const x = (): number => y()\n",
  'domain/no-cycles-back.ts': "import { x } from './no-cycles'\nexport const y = (): number => x()\n",
  'domain/only-what-is-installed.ts': "import { z } from './nowhere'\nexport const x = z\n",
}

/** By what the linter says of it. */
const BAD_CODE = {
  'domain/ambient-clock.ts': 'export const x = (): number => Date.now()\n',
  'domain/ambient-date.ts': 'export const x = (): Date => new Date()\n',
  'domain/ambient-random.ts': 'export const x = (): number => Math.random()\n',
  'domain/ambient-timer.ts': 'export const x = (): unknown => setTimeout(() => undefined, 1)\n',
  'domain/ambient-process.ts': 'export const x = (): unknown => process.version\n',
  'server/executions/process-env.ts': "export const x = process.env['HOME']\n",
  'server/executions/fetch.ts': "export const x = (): Promise<Response> => fetch('http://x')\n",
  'server/executions/floating-promise.ts': 'export function x(): void {\n  Promise.resolve(1)\n}\n',
  'server/executions/exhaustive-switch.ts':
    "export function x(y: 'a' | 'b'): number {\n  switch (y) {\n    case 'a':\n      return 1\n  }\n  return 2\n}\n",
  'server/executions/any.ts': 'export const x = (y: any): unknown => y\n',
  'server/executions/non-null.ts': 'export const x = (y: string | null): string => y!\n',
  'server/executions/else-after-return.ts':
    'export function x(y: boolean): number {\n  if (y) {\n    return 1\n  } else {\n    return 2\n  }\n}\n',
  'server/executions/max-lines.ts': Array.from({ length: 301 }, (_, line) => `export const x${line} = ${line}\n`).join(
    '',
  ),
}

const SAID_OF_CODE: Record<keyof typeof BAD_CODE, RegExp> = {
  'domain/ambient-clock.ts': /Pass `now` in/,
  'domain/ambient-date.ts': /pass `now` in/,
  'domain/ambient-random.ts': /Pass `random` in/,
  'domain/ambient-timer.ts': /domain\/ is pure/,
  'domain/ambient-process.ts': /domain\/ is pure/,
  'server/executions/process-env.ts': /Read settings from server\/env\.ts/,
  'server/executions/fetch.ts': /Outbound HTTP goes through server\/http/,
  'server/executions/floating-promise.ts': /Promises must be awaited/,
  'server/executions/exhaustive-switch.ts': /not exhaustive/,
  'server/executions/any.ts': /Unexpected `any`/,
  'server/executions/non-null.ts': /non-null/i,
  'server/executions/else-after-return.ts': /else/i,
  'server/executions/max-lines.ts': /too many lines/i,
}

const oxlintSchema = z.object({
  diagnostics: z.array(z.object({ message: z.string(), help: z.string().optional(), filename: z.string() })),
})

const BAD_TYPES = {
  'domain/unchecked-index.ts': 'export const x = (y: readonly string[]): string => y[0]\n',
  'domain/optional-undefined.ts': 'export const x: { y?: string } = { y: undefined }\n',
}

test('the import rules refuse every way around the architecture, in .ts and .tsx', async () => {
  const { ok, output } = await runCommand(process.execPath, ['cli/checks/import-rules.mjs', project])
  expect(ok).toBe(false)
  for (const file of Object.keys(BAD_IMPORTS)) {
    const rule = path.basename(file).replace(/(-of-node|-back)?\.tsx?$/, '')
    expect(output, file).toMatch(new RegExp(`^(${file} → .*|.* → ${file}): ${rule}$`, 'm'))
  }
  for (const file of Object.keys(INNOCENT)) expect(output).not.toMatch(new RegExp(`^${file} →`, 'm'))
}, 60_000)

test('the linter refuses impure decisions, stray settings and sockets, lost promises and long files', async () => {
  const { ok, output } = await runTool('oxlint', ['--type-aware', '--format=json', 'domain', 'server'], {
    cwd: project,
  })
  expect(ok).toBe(false)
  const { diagnostics } = oxlintSchema.parse(JSON.parse(output))
  for (const [file, said] of Object.entries(SAID_OF_CODE)) {
    const messages = diagnostics
      .filter(({ filename }) => filename === file)
      .map(({ message, help }) => `${message} ${help}`)
    expect(messages.join('\n'), file).toMatch(said)
  }
}, 60_000)

test('the compiler refuses an index that may be missing and an explicit undefined', async () => {
  const { ok, output } = await runTool('tsc', ['--noEmit', '--incremental', 'false', '-p', project], { cwd: project })
  expect(ok).toBe(false)
  for (const file of Object.keys(BAD_TYPES)) expect(output).toContain(file)
}, 60_000)

test('the formatter refuses what it would write differently', async () => {
  plant('domain/format.ts', 'export const x = "y";\n')
  const { ok, output } = await runTool('oxfmt', ['--check', 'domain/format.ts', 'domain/a.ts'], { cwd: project })
  expect(ok).toBe(false)
  expect(output).toContain('domain/format.ts')
  expect(output).not.toContain('domain/a.ts')
}, 60_000)

test('an export that nobody uses is found', async () => {
  const { ok, output } = await runTool('knip', ['--no-progress', '--include', 'exports,files'], { cwd: project })
  expect(ok).toBe(false)
  expect(output).toContain('domain/ambient-clock.ts')
}, 60_000)

function plant(file: string, text: string): void {
  const place = path.join(project, file)
  mkdirSync(path.dirname(place), { recursive: true })
  writeFileSync(place, text)
}
