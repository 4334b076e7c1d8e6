import { expect, it } from 'vitest'
import { decideStatementRetry } from './decide-statement-retry'
import { DEFAULT_POLICY } from './retry-policy'

const decide = (
  failed: Partial<Parameters<typeof decideStatementRetry>[1]>,
  policies: Parameters<typeof decideStatementRetry>[0] = [],
) =>
  decideStatementRetry(
    policies,
    { kind: 'statement_refused', sqlstate: null, failures: 1, ...failed },
    { random: 0.5, holds: (condition) => condition === 'yes' },
  )

it.each(['40001', '40P01', '55P03'])('tries %s again without being asked, three times in all', (sqlstate) => {
  expect(decide({ sqlstate })).toEqual({ retry: true, delayMs: 1000, reason: 'backoff 1 s × 2^0' })
  expect(decide({ sqlstate, failures: 2 })).toMatchObject({ retry: true, delayMs: 2000 })
  expect(decide({ sqlstate, failures: 3 })).toEqual({ retry: false, exhausted: true })
})

it.each(['database_unreachable', 'database_cannot_save'])('tries again what failed by %s', (kind) => {
  expect(decide({ kind })).toMatchObject({ retry: true })
})

it('does not repeat a statement that would be refused again', () => {
  expect(decide({ sqlstate: '42601' })).toEqual({ retry: false, exhausted: false })
})

it('takes the first policy whose condition holds, and none that says when to stop', () => {
  const policies = [
    { ...DEFAULT_POLICY, when: 'no' },
    { ...DEFAULT_POLICY, when: 'yes', unless: 'yes' },
    { ...DEFAULT_POLICY, when: 'yes', initialDelay: 0.2, maxAttempts: 2 },
  ]
  expect(decide({ sqlstate: '23505' }, policies)).toMatchObject({ retry: true, delayMs: 200 })
  expect(decide({ sqlstate: '23505', failures: 2 }, policies)).toEqual({ retry: false, exhausted: true })
  expect(decide({ sqlstate: '23505' }, policies.slice(0, 2))).toEqual({ retry: false, exhausted: false })
})
