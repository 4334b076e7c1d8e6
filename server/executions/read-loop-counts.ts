import type { LoopCounts } from '@/domain/execution/loop-window'
import { CLOSING_INDEX } from '@/domain/execution/closing-iteration'
import type { Queryable } from '../db/pool'

type Row = LoopCounts & { step: string }

/** The counters of the steps that run: one row a step, however many iterations there are. */
export async function readLoopCounts(client: Queryable, executionId: string): Promise<Map<string, LoopCounts>> {
  const { rows } = await client.query<Row>({
    name: 'read-loop-counts',
    text: `SELECT s.step, collection_size AS size, coalesce(concurrency, 1) AS concurrency, released, completed, failed, skipped,
             queued, CASE WHEN closing.next_attempt_at = 'infinity' THEN NULL ELSE closing.status END AS closing
           FROM noetl.step s
           LEFT JOIN noetl.iteration closing ON closing.execution_id = s.execution_id AND closing.step = s.step
             AND closing.iteration_index = ${CLOSING_INDEX}
           WHERE s.execution_id = $1 AND s.status = 'RUNNING'`,
    values: [executionId],
  })
  return new Map(rows.map(({ step, ...counts }) => [step, counts]))
}
