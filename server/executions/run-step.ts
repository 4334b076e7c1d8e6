import { DomainError } from '@/domain/domain-error'
import { analyseCollection } from '@/domain/execution/analyse-collection'
import { errorFactsOf } from '@/domain/execution/error-facts'
import { labelOf } from '@/domain/execution/view-context'
import { iteratorStarted, stepEvent, stepFailed } from '@/domain/execution/workflow-events'
import { withPhase, workflowStateSchema, type WorkflowState } from '@/domain/execution/workflow-state'
import type { NewEvent } from '@/domain/execution/events'
import type { Loop, Step } from '@/domain/playbook/playbook'
import { maskSecretText } from '@/domain/playbook/template/secret-text'
import { appendEvents } from '../db/append-events'
import type { Queryable } from '../db/pool'
import { withTransaction } from '../db/with-transaction'
import { buildScope } from './build-scope'
import { insertIterations, type Collection } from './insert-iterations'
import { isPassing } from './is-passing'
import { loadRun, stepOf, type Run } from './load-run'

type Prepared = { collection: Collection; events: NewEvent[] }

/**
 * Prepares a step that was started: analyses its collection, writes its iterations, says so in the log. A step without a
 * loop is one iteration with index 0. Once only, however often it is called; what is wrong with the collection fails the step.
 */
export async function runStep({ executionId, step: name }: { executionId: string; step: string }): Promise<void> {
  try {
    await withTransaction(async (client) => {
      const state = await lockUnprepared(client, executionId, name)
      const run = state === null ? null : await loadRun(client, executionId)
      if (run === null) return
      const { collection, events } = await prepare(client, run, stepOf(run, name))
      await insertIterations(client, { executionId, step: name, collection })
      await appendEvents(client, executionId, events)
    })
  } catch (error) {
    if (isPassing(error)) throw error
    await failStepBeforeAction(executionId, name, error)
  }
}

async function prepare(client: Queryable, run: Run, step: Step): Promise<Prepared> {
  refuseWhatIsNotBuilt(step)
  const started = stepEvent('action_started', 'STARTED', step.step, { tool: step.tool })
  if (!isLooped(step)) {
    return { collection: { totalCount: 1, elements: [null], labels: [step.step], concurrency: 1 }, events: [started] }
  }
  const { loop } = step
  const scope = await buildScope(client, run, [loop.collection, loop.where, loop.orderBy?.expression, loop.limit, loop.concurrency, loop.chunkSize])
  const { elements, ...analysed } = analyseCollection(step.step, loop, scope)
  const shown = elements.map(maskSecretText)
  const collection = { ...analysed, elements: shown, labels: shown.map(labelOf) }
  return { collection, events: [started, iteratorStarted(step, collection)] }
}

const isLooped = (step: Step): step is Step & { loop: Loop } => step.loop !== null

function refuseWhatIsNotBuilt(step: Step): void {
  if (step.tool !== 'playbook') return
  throw new DomainError('invalid_playbook', `Step "${step.step}" uses tool: playbook, which this version can't run yet.`)
}

/** The state of a running execution whose step waits to be prepared, its row locked; null when there is nothing to do. */
async function lockUnprepared(client: Queryable, executionId: string, step: string): Promise<WorkflowState | null> {
  const { rows } = await client.query<{ state: unknown }>({
    name: 'lock-unprepared-step',
    text: `SELECT e.state FROM noetl.execution e JOIN noetl.step s USING (execution_id)
           WHERE e.execution_id = $1 AND s.step = $2 AND e.status = 'RUNNING' AND s.status = 'RUNNING' AND s.total_count IS NULL
           FOR NO KEY UPDATE OF e`,
    values: [executionId, step],
  })
  return rows[0] === undefined ? null : workflowStateSchema.parse(rows[0].state)
}

async function failStepBeforeAction(executionId: string, name: string, cause: unknown): Promise<void> {
  const error = errorFactsOf(cause)
  await withTransaction(async (client) => {
    const state = await lockUnprepared(client, executionId, name)
    const run = state === null ? null : await loadRun(client, executionId)
    if (state === null || run === null) return
    await client.query({
      name: 'fail-step',
      text: `WITH failed AS (UPDATE noetl.step SET status = 'FAILED', error = $3, ended_at = clock_timestamp() WHERE execution_id = $1 AND step = $2)
             UPDATE noetl.execution SET state = $4 WHERE execution_id = $1`,
      values: [executionId, name, JSON.stringify(error), JSON.stringify(withPhase(state, name, 'failed'))],
    })
    await appendEvents(client, executionId, stepFailed(stepOf(run, name), error, { acted: false }))
  })
}
