import type { PageRecord } from '@/domain/execution/element-records'
import type { NewEvent } from '@/domain/execution/events'
import type { PageCommit } from '../page-commit'
import type { Queryable } from '../pool'

export const STEP = 'fetch'

/** A running execution with one step and `elements` pending iterations; gives back its id. */
export async function seedExecution(client: Queryable, elements: number): Promise<string> {
  await client.query(`INSERT INTO noetl.playbook_content (hash, content) VALUES ('seed', '') ON CONFLICT DO NOTHING`)
  const { rows } = await client.query<{ execution_id: string }>(
    `INSERT INTO noetl.execution (path, content_hash, status, workload, trigger)
     VALUES ('tests/seed', 'seed', 'RUNNING', '{}', '{}') RETURNING execution_id`,
  )
  const executionId = rows[0]?.execution_id ?? ''
  await client.query(`INSERT INTO noetl.step (execution_id, step, status) VALUES ($1, $2, 'RUNNING')`, [
    executionId,
    STEP,
  ])
  await client.query(
    `INSERT INTO noetl.iteration (execution_id, step, iteration_index) SELECT $1, $2, generate_series(0, $3 - 1)`,
    [executionId, STEP, elements],
  )
  return executionId
}

export const anEvent = (fields: Partial<NewEvent> = {}): NewEvent => ({
  event_type: 'page_fetched',
  status: 'COMPLETED',
  node_name: STEP,
  iteration_index: 0,
  page: 1,
  attempt: 1,
  context: { items: 10 },
  ...fields,
})

const aPage = (fields: Partial<PageRecord> = {}): PageRecord => ({
  page: 1,
  request: { method: 'GET', url: 'http://localhost/' },
  status: 200,
  responseHeaders: { 'content-type': 'application/json' },
  timing: { wait_ms: 1 },
  startedAt: new Date(0),
  durationMs: 3,
  bytes: 20,
  itemCount: 2,
  replacedItems: 0,
  body: '{"data":[1,2]}',
  itemsPath: ['data'],
  items: null,
  next: {},
  fingerprints: ['t:1'],
  attempt: 1,
  ...fields,
})

/** A commit of one page with its event. */
export const aCommit = (
  place: Pick<PageCommit, 'executionId' | 'index' | 'epoch'>,
  page: Partial<PageRecord> = {},
): PageCommit => ({
  ...place,
  step: STEP,
  page: aPage(page),
  attempt: null,
  events: [anEvent({ iteration_index: place.index, page: page.page ?? 1 })],
  checkpoint: { page: page.page ?? 1 },
})
