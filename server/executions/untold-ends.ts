import type { ErrorFacts, NewEvent } from '@/domain/execution/events'
import { iterationEvent } from '@/domain/execution/workflow-events'
import type { Queryable } from '../db/pool'
import { loadRun } from './load-run'

type Ended = {
  executionId: string
  step: string
  status: 'COMPLETED' | 'FAILED'
  label: string | null
  pages: number
  items: number
  warnings: unknown[]
  stop_reason: string | null
  error: ErrorFacts | null
}

/** Of a loop's only element the end was told when it came; the playbook says which steps have no loop. */
const ENDED = `
  SELECT i.execution_id AS "executionId", i.step, i.status, i.label, i.pages, i.items::float8 AS items, i.warnings,
    i.stop_reason, i.error
  FROM noetl.step s JOIN noetl.iteration i USING (execution_id, step)
  WHERE s.execution_id = ANY ($1::bigint[]) AND s.status = 'RUNNING' AND s.collection_size = 1
    AND i.iteration_index = 0 AND i.status IN ('COMPLETED', 'FAILED')`

/**
 * By execution, the ends of elements whose step would have told them: without a loop it speaks for its only one, but a
 * run that ends before its time, perhaps out of a pause, does not let it come to that. To be asked before the steps end.
 */
export async function untoldEnds(client: Queryable, executionIds: readonly string[]): Promise<Map<string, NewEvent[]>> {
  const { rows } = await client.query<Ended>(ENDED, [executionIds])
  const told = new Map<string, NewEvent[]>()
  for (const row of rows) {
    const { executionId, step, status, error, ...facts } = row
    const run = await loadRun(client, executionId)
    if (run?.playbook.workflow.find((each) => each.step === step)?.loop !== null) continue
    const context = { index: 0, ...facts, ...(error !== null && { error }) }
    const type = status === 'FAILED' ? 'iteration_failed' : 'iteration_completed'
    const event = iterationEvent(type, status, { step, index: 0 }, context)
    told.set(executionId, [...(told.get(executionId) ?? []), event])
  }
  return told
}
