import { defineConfig } from '@playwright/test'
import { BROWSER, TARGET_URL } from '../target'

/** `npm run screens`: pictures of every screen into docs/screens, of a product that runs. */
export default defineConfig({
  testDir: '.',
  testMatch: 'take-screens.ts',
  outputDir: '../../test-results',
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 20_000 },
  use: { baseURL: TARGET_URL, ...BROWSER },
})
