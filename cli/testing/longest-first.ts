import path from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { ROOT } from '../prepare/root.mjs'

/**
 * Test files that take longest, in the order in which they begin. Those that keep the machine busy stand beside those
 * that mostly wait, so that no three of a kind go on at a time.
 */
export const LONGEST = [
  'server/simulation/simulate.test.ts',
  'domain/playbook/template/resource-bombs.test.ts',
  'domain/execution/element-turns.test.ts',
  'bench/chaos/chaos.integration.test.ts',
  'worker/readiness.integration.test.ts',
  'worker/storage.integration.test.ts',
  'worker/kill-points.integration.test.ts',
  'worker/recovery.integration.test.ts',
  'worker/rate-limit.integration.test.ts',
  'worker/kill-points-redis.integration.test.ts',
  'cli/command-line.integration.test.ts',
  'worker/rate-limit-redis.integration.test.ts',
  'worker/recovery-redis.integration.test.ts',
  'worker/frozen-worker.integration.test.ts',
  'cli/durability.integration.test.ts',
  'worker/drawn-kills.integration.test.ts',
  'server/db/embedded-postgres.integration.test.ts',
  'worker/half-open.integration.test.ts',
]

/** A fresh clone has no times from before, and vitest then goes by size: the longest files are of three lines and came last. */
export class LongestFirst extends BaseSequencer {
  /** Takes the files of a run; gives them with the longest first, the others in vitest's own order. */
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => rankOf(one) - rankOf(other))
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONGEST.indexOf(path.relative(ROOT, moduleId))
  return rank === -1 ? LONGEST.length : rank
}
