import type { NewEvent } from '@/domain/execution/events'
import type { JsonObject } from '@/domain/json'
import { digitsAsText } from '@/domain/json-precise'
import type { AssertStep, PlaybookStep, PostgresStep, TransformStep } from '@/domain/playbook/playbook'
import type { Queryable } from '../db/pool'
import { ClaimLost } from './claim-lost'
import type { ElementWork } from './element-work'
import { redactEvents } from './redact-step'
import { runSqlAction } from './run-sql-action'
import { withClient } from './with-client'

/** A postgres step's action: inside the transaction that records its success, or in its own in another database. Throws DomainError, ClaimLost. */
export async function runQuery(client: Queryable | null, work: ElementWork<PostgresStep>): Promise<void> {
  const { action, credential } = work.step
  const done = await withClient(client, work, credential, async (at) => runSqlAction(at, action, { scope: work.scope }))
  await keepResult(work, { row_count: done.rowCount, rows: done.rows })
}

/**
 * Puts an action's result where later steps find it. It is durable before the action's own transaction commits: if that
 * never happens the action runs again and replaces it.
 */
export async function keepResult(
  work: ElementWork<PostgresStep | TransformStep | AssertStep | PlaybookStep>,
  result: unknown,
  { beside = {}, events = [] }: { beside?: JsonObject; events?: readonly NewEvent[] } = {},
): Promise<void> {
  const kept = { ...beside, result: work.redactor.json(result) }
  const checkpoint: JsonObject = JSON.parse(JSON.stringify(kept, digitsAsText))
  const written = await work.writer.write({
    ...work.key,
    epoch: work.claim.epoch,
    page: null,
    attempt: null,
    events: redactEvents(events, work.redactor),
    checkpoint,
  })
  if (written === 'fenced') throw new ClaimLost()
}
