import { errorFactsOf } from '@/domain/execution/error-facts'
import { isClosing } from '@/domain/execution/closing-iteration'
import type { ErrorFacts, EventStatus, EventType, NewEvent } from '@/domain/execution/events'
import { iterationEvent, stepEvent } from '@/domain/execution/workflow-events'
import type { Sink } from '@/domain/playbook/playbook'
import type { Scope } from '@/domain/playbook/template/evaluate-template'
import type { IterationKey } from '../db/page-commit'
import { pool, type Queryable } from '../db/pool'
import type { ElementWork } from './element-work'
import { ClaimLost } from './claim-lost'
import { isPassing } from './is-passing'
import { iterationPages } from './read-step-result'
import { resultRows, storesResults } from './result-rows'
import { withClient } from './with-client'
import { runSqlAction } from './run-sql-action'
import { pageScope } from './sink-scope'

/** A sink that failed: the transaction it ran in is void, these events tell of it. */
export class SinkFailure extends Error {
  readonly events: readonly NewEvent[]
  readonly facts: ErrorFacts

  constructor(events: readonly NewEvent[], facts: ErrorFacts, cause: unknown) {
    super(facts.message, { cause })
    this.name = 'SinkFailure'
    this.events = events
    this.facts = facts
  }
}

/**
 * Stores what an iteration gave, inside the caller's transaction; the events belong into the same. With a `credential` the
 * rows are in that database before the caller's transaction ends, so a crash between stores them again: at least once,
 * which an upsert makes exactly once. Throws SinkFailure.
 */
export async function runSink(
  client: Queryable | null,
  { work, sink, scope }: { work: ElementWork; sink: Sink; scope: Scope },
): Promise<NewEvent[]> {
  const table = tableOf(sink)
  const started = isClosing(work.key) ? [] : [sinkStarted(work.key, sink)]
  try {
    const stored = await withClient(client, work, sink.credential, async (at) => store(at, work, sink, scope))
    const completed = { tool: sink.tool, table: stored.table ?? table, rows: stored.rowCount }
    return [...started, sinkEvent('sink_completed', 'COMPLETED', work.key, completed)]
  } catch (error) {
    if (isPassing(error) || error instanceof ClaimLost) throw error
    const reason = errorFactsOf(error)
    const facts = {
      ...reason,
      kind: 'sink_failed',
      message: `The sink${table === null ? '' : ` into ${table}`} failed: ${reason.message}`,
    }
    throw new SinkFailure(
      [...started, sinkEvent('sink_failed', 'FAILED', work.key, { table, error: facts })],
      facts,
      error,
    )
  }
}

export const sinkStarted = (key: IterationKey, sink: Sink): NewEvent =>
  sinkEvent('sink_started', 'STARTED', key, { tool: sink.tool, table: tableOf(sink), per: sink.per })

/** A sink of a whole loop is the step's, not one element's. */
const sinkEvent = (
  type: EventType,
  status: EventStatus,
  key: IterationKey,
  context: Record<string, unknown>,
): NewEvent =>
  isClosing(key) ? stepEvent(type, status, key.step, context) : iterationEvent(type, status, key, context)

const tableOf = ({ action }: Sink): string | null => (action.kind === 'rows' ? action.table : null)

async function store(client: Queryable, work: ElementWork, sink: Sink, scope: Scope): Promise<Stored> {
  if (sink.per === 'page') return storePages(client, work, sink, scope)
  const rows = storesResults(work, sink.action) ? { rows: resultRows(work) } : {}
  return runSqlAction(client, sink.action, { scope, ...rows })
}

type Stored = { table: string | null; rowCount: number }

async function storePages(client: Queryable, work: ElementWork, sink: Sink, scope: Scope): Promise<Stored> {
  let table: string | null = null
  let rowCount = 0
  for await (const page of iterationPages(pool(), work.key)) {
    const result = await runSqlAction(client, sink.action, { scope: pageScope(work, scope, page) })
    table = result.table
    rowCount += result.rowCount
  }
  return { table, rowCount }
}
