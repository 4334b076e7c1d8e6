import type { ErrorFacts, NewEvent } from '@/domain/execution/events'
import { eventsJson } from './append-events'
import { toJsonb } from './to-jsonb'
import type { IterationKey } from './page-commit'
import type { Queryable } from './pool'

export type Settlement = IterationKey & {
  claimToken: string
  status: 'COMPLETED' | 'FAILED' | 'SKIPPED' | 'CANCELLED'
  stopReason: string | null
  warnings: readonly unknown[]
  error: ErrorFacts | null
  events: readonly NewEvent[]
}

const SETTLE = `SELECT noetl.settle_iteration($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9::jsonb) AS settled`

/**
 * Ends an iteration inside the caller's transaction: status, counters of step and execution, events. False, and nothing
 * done, when the claim was lost or the execution isn't running any more. The client may be one of the playbook role, so
 * that a sink's rows and the settlement are one transaction.
 */
export async function settleIteration(client: Queryable, settlement: Settlement): Promise<boolean> {
  const { rows } = await client.query<{ settled: boolean }>({
    text: SETTLE,
    values: [
      settlement.executionId,
      settlement.step,
      settlement.index,
      settlement.claimToken,
      settlement.status,
      settlement.stopReason,
      toJsonb(settlement.warnings),
      settlement.error === null ? null : toJsonb(settlement.error),
      eventsJson(settlement.events),
    ],
  })
  return rows[0]?.settled === true
}
