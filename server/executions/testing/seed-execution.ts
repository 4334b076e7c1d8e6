import type { EventStatus, EventType, NewEvent } from '@/domain/execution/events'
import { appendEvents } from '../../db/append-events'
import { pool } from '../../db/pool'
import { withTransaction } from '../../db/with-transaction'

/** An execution on record with one step `fetch`, as far as reading needs it. */
export async function seedExecution({ status = 'RUNNING', path = 'tests/seeded' } = {}): Promise<string> {
  await pool().query(
    `INSERT INTO noetl.playbook_content (hash, content) VALUES ('seed', 'seed') ON CONFLICT DO NOTHING`,
  )
  const { rows } = await pool().query<{ execution_id: string }>(
    `INSERT INTO noetl.execution (path, version, content_hash, status, workload, trigger)
     VALUES ($1, 1, 'seed', $2, '{}', '{"type":"api"}') RETURNING execution_id`,
    [path, status],
  )
  const executionId = rows[0]?.execution_id ?? ''
  await pool().query(
    `INSERT INTO noetl.step (execution_id, step, tool, status) VALUES ($1, 'fetch', 'http', 'RUNNING')`,
    [executionId],
  )
  return executionId
}

type SeedPage = { index: number; page: number; body: string; itemsPath?: string[]; items?: string; itemCount?: number }

/** A saved page of step `fetch`; its iteration is made with the first one, its counters kept as the page writer keeps them. */
export async function seedPage(executionId: string, seeded: SeedPage): Promise<void> {
  const { index, page, body, itemsPath = [], items = null, itemCount = 0 } = seeded
  await pool().query(
    `INSERT INTO noetl.iteration (execution_id, step, iteration_index, element, label, status)
     VALUES ($1, 'fetch', $2, $3, $4, 'RUNNING') ON CONFLICT DO NOTHING`,
    [executionId, index, JSON.stringify({ name: `e${index}` }), `e${index}`],
  )
  await pool().query(
    `INSERT INTO noetl.page (execution_id, step, iteration_index, page, request, status, response_headers, timing,
       started_at, duration_ms, bytes, item_count, body, items_path, items, next, fingerprints)
     VALUES ($1, 'fetch', $2, $3, '{"method":"GET","url":"http://api/x"}', 200, '{}', '{}', now(), 1, $4, $5, $6, $7, $8, '{}', '{}')`,
    [executionId, index, page, Buffer.byteLength(body), itemCount, body, itemsPath, items],
  )
  await pool().query(
    `UPDATE noetl.iteration SET items = items + $3 WHERE execution_id = $1 AND step = 'fetch' AND iteration_index = $2`,
    [executionId, index, itemCount],
  )
  await pool().query(`UPDATE noetl.step SET items = items + $2 WHERE execution_id = $1`, [executionId, itemCount])
}

/** Appends events of one type, each with its number in the context. */
export async function seedEvents(executionId: string, type: EventType, numbers: readonly number[]): Promise<number> {
  const status: EventStatus = type === 'playbook_completed' ? 'COMPLETED' : 'RUNNING'
  const events: NewEvent[] = numbers.map((n) => ({
    event_type: type,
    status,
    node_name: 'fetch',
    iteration_index: 0,
    page: n,
    attempt: null,
    context: { n },
  }))
  return withTransaction((client) => appendEvents(client, executionId, events))
}
