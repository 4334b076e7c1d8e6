import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { describeError } from '../prepare/plain-error.mjs'
import { prepare } from '../prepare/prepare.mjs'
import { runCommand, runTool } from './run-command'
import { makeAppPlace, removeAppPlace, startApp } from './start-app'
import { installSystemPackages } from './system-packages'
import { type Counts, readPlaywrightReport, readVitestReport } from './test-report'

type Outcome = Counts & { output: string }
type Check = { name: string; run: () => Promise<Outcome> }

const REPORTS = mkdtempSync(path.join(tmpdir(), 'pageturner-reports-'))

/**
 * In the order of what is cheapest to find out; those that stand together go on at the same time. What they write is none
 * another's to read: the build stays out of the first group, for its types are read by the compiler.
 */
const CHECKS: readonly (readonly Check[])[] = [
  [
    { name: 'types', run: () => tool('tsc', ['--noEmit']) },
    { name: 'format', run: () => tool('oxfmt', ['--check']) },
    { name: 'lint', run: () => tool('oxlint', ['--type-aware']) },
    { name: 'import rules', run: () => one(runCommand(process.execPath, ['cli/checks/import-rules.mjs'])) },
    { name: 'dead code', run: () => tool('knip', ['--no-progress', '--no-config-hints']) },
  ],
  [
    { name: 'unit', run: () => vitest('unit') },
    { name: 'build', run: build },
  ],
  [{ name: 'integration', run: () => vitest('integration') }],
  [{ name: 'e2e', run: e2e }],
]

/** `npm test`: every check, a line each, the output of those that failed, and `N passed, N failed` as the last line. */
async function runChecks(): Promise<number> {
  await installSystemPackages()
  const total: Counts = { passed: 0, failed: 0 }
  for (const group of CHECKS) {
    for (const { passed, failed } of await Promise.all(group.map(runCheck))) {
      total.passed += passed
      total.failed += failed
    }
  }
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`)
  return total.failed === 0 ? 0 : 1
}

/** Runs one check and tells how it ended. */
async function runCheck({ name, run }: Check): Promise<Counts> {
  const startedAt = performance.now()
  const { passed, failed, output } = await run().catch((error: unknown): Outcome => ({
    passed: 0,
    failed: 1,
    output: describeError(error),
  }))
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  process.stdout.write(
    `${failed === 0 ? '✓' : '✗'} ${name.padEnd(14)} ${passed} passed, ${failed} failed (${seconds} s)\n`,
  )
  if (failed > 0) process.stdout.write(`${indent(output)}\n`)
  return { passed, failed }
}

const tool = (name: string, args: readonly string[]): Promise<Outcome> => one(runTool(name, args))

/** A tool that only says yes or no counts as one. */
async function one(running: Promise<{ ok: boolean; output: string }>): Promise<Outcome> {
  const { ok, output } = await running
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, output }
}

async function vitest(project: 'unit' | 'integration'): Promise<Outcome> {
  const report = path.join(REPORTS, `${project}.json`)
  const reporters = ['--reporter=json', `--outputFile.json=${report}`, '--reporter=dot']
  const { ok, output } = await runTool('vitest', ['run', '--project', project, ...reporters], {
    variables: { NODE_ENV: 'test' },
  })
  return counted(readVitestReport(report), ok, output)
}

async function build(): Promise<Outcome> {
  await prepare({ web: true })
  return { passed: 1, failed: 0, output: '' }
}

/** What a user does, in Chromium, on an app of its own. */
async function e2e(): Promise<Outcome> {
  const place = await makeAppPlace()
  const report = path.join(REPORTS, 'e2e.json')
  try {
    const app = await startApp(place)
    const { ok, output } = await runTool('playwright', ['test', '-c', 'e2e', '--reporter=json,dot'], {
      variables: { PAGETURNER_URL: app.url, PAGETURNER_SAMPLE_URL: app.sampleUrl, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
    })
    const code = await app.stop()
    const stopped = code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
    const { passed, failed } = counted(readPlaywrightReport(report), ok, output)
    return { passed: passed + stopped.passed, failed: failed + stopped.failed, output: `${output}\n${app.output()}` }
  } finally {
    removeAppPlace(place)
  }
}

/** A runner that failed without a failed test (a crash, a leak) still counts as one failure. */
function counted(counts: Counts | null, ok: boolean, output: string): Outcome {
  if (counts === null) return { passed: 0, failed: 1, output }
  return { passed: counts.passed, failed: Math.max(counts.failed, ok ? 0 : 1), output }
}

const indent = (text: string): string =>
  text
    .trim()
    .split('\n')
    .slice(-200)
    .map((line) => `    ${line}`)
    .join('\n')

try {
  process.exitCode = await runChecks()
} catch (error) {
  process.stdout.write(`${describeError(error)}\n0 passed, 1 failed\n`)
  process.exitCode = 1
} finally {
  rmSync(REPORTS, { recursive: true, force: true })
}
