import { defineConfig } from '@playwright/test'
import { BROWSER, TARGET_URL } from './target'

/** What a user does, against a product that runs (`PAGETURNER_URL`). */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../test-results',
  workers: 1,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: { baseURL: TARGET_URL, viewport: { width: 1440, height: 900 }, acceptDownloads: true, ...BROWSER },
})
