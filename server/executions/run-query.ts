import { DomainError } from '@/domain/domain-error'
import type { NewEvent } from '@/domain/execution/events'
import type { JsonObject } from '@/domain/json'
import { digitsAsText } from '@/domain/json-precise'
import type { AssertStep, PlaybookStep, PostgresStep, TransformStep } from '@/domain/playbook/playbook'
import type { Queryable } from '../db/pool'
import { ClaimLost } from './claim-lost'
import type { ElementWork } from './element-work'
import { redactEvents } from './redact-step'
import { runSqlAction } from './run-sql-action'
import type { SqlResult } from './sql-result'
import { withClient } from './with-client'

/** Of JSON text: what a statement may give back to templates, as much as a transform. */
const MAX_CHARACTERS = 16 * 1024 * 1024

/** A postgres step's action: inside the transaction that records its success, or in its own in another database. Throws DomainError, ClaimLost. */
export async function runQuery(client: Queryable | null, work: ElementWork<PostgresStep>): Promise<void> {
  const { action, credential } = work.step
  const done = await withClient(client, work, credential, async (at) =>
    small(distinct(await runSqlAction(at, action, { scope: work.scope }))),
  )
  await keepResult(work, { row_count: done.rowCount, rows: done.rows })
}

/** Refused before its transaction ends: a value that was lost would be missed by nobody. */
function distinct(result: SqlResult): SqlResult {
  const twice = result.columns.find((name, at) => result.columns.indexOf(name) !== at)
  if (twice === undefined) return result
  throw new DomainError(
    'statement_refused',
    `The statement gives more than one column ${JSON.stringify(twice)}, of which only one could be kept.`,
    { hint: 'Give each a name of its own: SELECT a.id AS a_id, b.id AS b_id.' },
  )
}

/** The same: rows that were left out would be missed by nobody. */
function small(result: SqlResult): SqlResult {
  const { rows, rowCount } = result
  let characters = 0
  for (const row of rows) {
    characters += JSON.stringify(row, digitsAsText).length
    if (characters <= MAX_CHARACTERS) continue
    throw new DomainError(
      'statement_refused',
      `The statement gave ${rowCount} rows, which are more than ${MAX_CHARACTERS / 1024 / 1024} MiB together; nothing of it was kept.`,
      { hint: 'Let it give fewer rows or columns, or none: LIMIT, no RETURNING, or INSERT INTO … SELECT.' },
    )
  }
  return result
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
  const checkpoint = { ...beside, result: work.redactor.json(result) }
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
