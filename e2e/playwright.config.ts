import { defineConfig } from '@playwright/test'
import { BROWSER, TARGET_URL } from './target'

/** What a user does, against a product that runs (`PAGETURNER_URL`). */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../test-results',
  // Two files at a time: each test has runs, playbooks and keys of its own. The tests of a file stay one after the other,
  // for the two that have axe look at every screen would take all there is from each other.
  workers: 2,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: { baseURL: TARGET_URL, viewport: { width: 1440, height: 900 }, acceptDownloads: true, ...BROWSER },
})
