import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './cli/testing/longest-first'

const alias = { '@': fileURLToPath(new URL('.', import.meta.url)) }

/** `*.test.ts` are unit tests; `*.integration.test.ts` get a real PostgreSQL and a real Redis from the global set-up. */
export default defineConfig({
  resolve: { alias },
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['{domain,server,worker,cli,components,app,bench}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.integration.test.ts', '**/node_modules/**'],
          // Most of a file's time would be that of a process of its own and of loading once more what all of them load.
          isolate: false,
          setupFiles: ['cli/checks/own-variables.ts'],
          // Vitest leaves a core to itself, which on a machine of two is half of them.
          maxWorkers: Math.max(2, availableParallelism() - 1),
          // What must end soon says so in CPU time: by the clock a busy machine takes any time.
          testTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'integration',
          include: ['{server,worker,cli,app,bench}/**/*.integration.test.ts'],
          globalSetup: ['server/db/testing/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
