import { readFileSync } from 'node:fs'
import { z } from 'zod'

export type Counts = { passed: number; failed: number }

const vitestSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
})

const playwrightSchema = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  errors: z.array(z.unknown()).default([]),
})

/** Counts of a vitest JSON report. A file that could not even be loaded counts as one failure. */
export function readVitestReport(file: string): Counts | null {
  const report = vitestSchema.safeParse(readJson(file))
  if (!report.success) return null
  const { numPassedTests, numFailedTests, testResults } = report.data
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  return { passed: numPassedTests, failed: numFailedTests + broken.length }
}

/** Counts of a Playwright JSON report. A test that passed only on a second try counts as a failure. */
export function readPlaywrightReport(file: string): Counts | null {
  const report = playwrightSchema.safeParse(readJson(file))
  if (!report.success) return null
  const { expected, unexpected, flaky } = report.data.stats
  return { passed: expected, failed: unexpected + flaky + report.data.errors.length }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    // The runner ended before it wrote a report.
    return null
  }
}
