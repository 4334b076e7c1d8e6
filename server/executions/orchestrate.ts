import { nextMove } from '@/domain/execution/decide'
import { errorFactsOf } from '@/domain/execution/error-facts'
import { DomainError } from '@/domain/domain-error'
import { workflowStateSchema, type WorkflowState } from '@/domain/execution/workflow-state'
import type { JsonObject } from '@/domain/json'
import { appendEvents } from '../db/append-events'
import type { Queryable } from '../db/pool'
import { withTransaction } from '../db/with-transaction'
import { faultPoint } from '../fault-point'
import { endExecution } from './end-execution'
import { failExecution } from './fail-execution'
import { isPassing } from './is-passing'
import { loadRun } from './load-run'
import { makeMove } from './make-move'
import type { Orchestration } from './orchestration'
import { readLoopCounts } from './read-loop-counts'
import { sendTickets, type Ticket } from './tickets'

type ExecutionRow = {
  status: string
  state: unknown
  path: string
  version: number | null
  trigger: JsonObject
  /** Of an execution that has not begun. */
  parent_status: string | null
}

/**
 * A child that has not begun locks its parent first, as whoever pauses or cancels does: it begins before that, and is found
 * by them, or not at all.
 */
const LOCK = `
  WITH parent AS MATERIALIZED (
    SELECT p.status FROM noetl.execution c JOIN noetl.execution p ON p.execution_id = c.parent_execution_id
    WHERE c.execution_id = $1 AND c.status = 'PENDING' FOR NO KEY UPDATE OF p
  )
  SELECT e.status, e.state, e.path, e.version, e.trigger, held.parent_status
  FROM (SELECT max(status) AS parent_status FROM parent) AS held
  CROSS JOIN noetl.execution e WHERE e.execution_id = $1 FOR NO KEY UPDATE OF e`

/**
 * Brings an execution as far as it can go now: any worker may call it at any time, and twice does no harm. Decides under
 * the execution's row lock, commits events and state together, and hands out tickets after the commit.
 */
export async function orchestrate(executionId: string): Promise<void> {
  try {
    const tickets = await withTransaction(async (client) => advance(client, executionId))
    faultPoint('moved')
    await sendTickets(tickets)
    faultPoint('tickets-sent')
  } catch (error) {
    if (isPassing(error)) throw error
    await failExecution(executionId, error)
  }
}

async function advance(client: Queryable, executionId: string): Promise<Ticket[]> {
  const { rows } = await client.query<ExecutionRow>({ name: 'lock-execution', text: LOCK, values: [executionId] })
  const row = rows[0]
  if (row === undefined || (row.status !== 'PENDING' && row.status !== 'RUNNING')) return []
  if (row.status === 'PENDING' && (row.parent_status === 'PAUSED' || row.parent_status === 'CANCELLED')) return []
  const run = await loadRun(client, executionId)
  if (run === null) return []
  const before = workflowStateSchema.parse(row.state)
  const work: Orchestration = {
    client,
    run,
    execution: row,
    state: before,
    counts: await readLoopCounts(client, executionId),
    events: [],
    tickets: [],
  }
  await moveUntilRest(work)
  if (work.events.length > 0) await appendEvents(client, executionId, work.events)
  if (work.state !== before) await saveState(client, executionId, work.state)
  return work.tickets
}

async function moveUntilRest(work: Orchestration): Promise<void> {
  for (;;) {
    const move = nextMove(work.run.playbook, work.state, work.counts)
    if (move.do === 'rest') return
    faultPoint('before-move')
    try {
      await makeMove(work, move)
    } catch (error) {
      if (!(error instanceof DomainError) || isPassing(error)) throw error
      await endExecution(work, { status: 'FAILED', error: errorFactsOf(error) })
      return
    }
    if (move.do === 'end') return
  }
}

async function saveState(client: Queryable, executionId: string, state: WorkflowState): Promise<void> {
  await client.query({
    name: 'save-workflow-state',
    text: 'UPDATE noetl.execution SET state = $2 WHERE execution_id = $1',
    values: [executionId, JSON.stringify(state)],
  })
}
