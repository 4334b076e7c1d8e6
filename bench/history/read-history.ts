import type { Queryable } from '@/server/db/pool'
import type { ChildFacts, EventFacts, History, IterationFacts, PagePlace, StepFacts, StoredPage } from './history'

type Head = Pick<History, 'status' | 'error' | 'lastSeq' | 'endedAt' | 'pages' | 'items'>

/** Reads what the database holds of an execution. Throws when there is none. */
export async function readHistory(db: Queryable, executionId: string): Promise<History> {
  const read = async <Row extends object>(sql: string): Promise<Row[]> => (await db.query<Row>(sql, [executionId])).rows
  const [head] = await read<Head>(
    `SELECT status, error ->> 'message' AS error, last_seq AS "lastSeq", ended_at AS "endedAt", pages, items::int AS items
     FROM noetl.execution WHERE execution_id = $1`,
  )
  if (head === undefined) throw new Error(`There is no execution ${executionId}.`)
  return {
    executionId,
    ...head,
    steps: await read<StepFacts>(
      `SELECT step, status, collection_size AS size, completed, failed, skipped, pages, items::int AS items
       FROM noetl.step WHERE execution_id = $1 AND tool IS NOT NULL ORDER BY step`,
    ),
    iterations: await read<IterationFacts>(
      `SELECT step, iteration_index AS index, status, pages, items FROM noetl.iteration
       WHERE execution_id = $1 ORDER BY step, iteration_index`,
    ),
    stored: await read<StoredPage>(
      `SELECT step, iteration_index AS index, page, item_count AS items, created_at AS "savedAt" FROM noetl.page
       WHERE execution_id = $1 ORDER BY step, iteration_index, page`,
    ),
    failures: await read<PagePlace>(
      `SELECT step, iteration_index AS index, page FROM noetl.attempt WHERE execution_id = $1`,
    ),
    events: await read<EventFacts>(
      `SELECT seq, event_type AS type, node_name AS step, iteration_index AS index, page FROM noetl.event
       WHERE execution_id = $1 ORDER BY seq`,
    ),
    children: await read<ChildFacts>(
      `SELECT execution_id AS "executionId", parent_step AS step, parent_iteration_index AS index, status, ended_at AS "endedAt"
       FROM noetl.execution WHERE parent_execution_id = $1 ORDER BY execution_id`,
    ),
  }
}
