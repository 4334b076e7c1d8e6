import type { LoopCounts } from '@/domain/execution/loop-window'
import type { Queryable } from '../db/pool'

type Row = LoopCounts & { step: string }

/** The counters of the steps that run: one row a step, however many iterations there are. */
export async function readLoopCounts(client: Queryable, executionId: string): Promise<Map<string, LoopCounts>> {
  const { rows } = await client.query<Row>({
    name: 'read-loop-counts',
    text: `SELECT step, collection_size AS size, coalesce(concurrency, 1) AS concurrency, released, completed, failed, skipped
           FROM noetl.step WHERE execution_id = $1 AND status = 'RUNNING'`,
    values: [executionId],
  })
  return new Map(rows.map(({ step, ...counts }) => [step, counts]))
}
