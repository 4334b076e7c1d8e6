import { DomainError } from '@/domain/domain-error'
import { errorFactsOf } from '@/domain/execution/error-facts'
import type { ErrorFacts, NewEvent } from '@/domain/execution/events'
import { iterationEvent } from '@/domain/execution/workflow-events'
import type { Sink } from '@/domain/playbook/playbook'
import type { Scope } from '@/domain/playbook/template/evaluate-template'
import { pool, type Queryable } from '../db/pool'
import type { ElementWork } from './element-work'
import { isPassing } from './is-passing'
import { readIterationPages } from './read-step-result'
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

/** Stores what an iteration gave, inside the caller's transaction; the events belong into the same. Throws SinkFailure. */
export async function runSink(client: Queryable, work: ElementWork, sink: Sink, scope: Scope): Promise<NewEvent[]> {
  const at = { step: work.step.step, index: work.key.index }
  const table = sink.action.kind === 'rows' ? sink.action.table : null
  const started = iterationEvent('sink_started', 'STARTED', at, { tool: sink.tool, table, per: sink.per })
  try {
    refuseCredential(sink)
    const stored =
      sink.per === 'page' ? await storePages(client, work, sink, scope) : await runSqlAction(client, sink.action, scope)
    const completed = { tool: sink.tool, table: stored.table ?? table, rows: stored.rowCount }
    return [started, iterationEvent('sink_completed', 'COMPLETED', at, completed)]
  } catch (error) {
    if (isPassing(error)) throw error
    const reason = errorFactsOf(error)
    const facts = {
      ...reason,
      kind: 'sink_failed',
      message: `The sink${table === null ? '' : ` into ${table}`} failed: ${reason.message}`,
    }
    throw new SinkFailure([started, iterationEvent('sink_failed', 'FAILED', at, { table, error: facts })], facts, error)
  }
}

async function storePages(
  client: Queryable,
  work: ElementWork,
  sink: Sink,
  scope: Scope,
): Promise<{ table: string | null; rowCount: number }> {
  let table: string | null = null
  let rowCount = 0
  const pages = await readIterationPages(pool(), work.key)
  for (const page of pages) {
    const result = await runSqlAction(client, sink.action, pageScope(work, scope, page))
    table = result.table
    rowCount += result.rowCount
  }
  return { table, rowCount }
}

/** Everything else would run against the wrong database. */
export function refuseCredential({ credential }: { credential: string | null }): void {
  if (credential === null) return
  throw new DomainError(
    'invalid_playbook',
    `The registered database "${credential}" can't be used yet: this version writes to the local database only.`,
    {
      hint: 'Leave out credential to use the local database.',
    },
  )
}
