import type { ListPagesQuery, PageList, PageSummary } from '@/domain/api/iterations'
import { pool } from '../db/pool'
import { stepOfIteration } from './read-iterations'

type PageRow = Omit<PageSummary, 'started_at'> & { started_at: Date }

const LIST = `
  SELECT page, request->>'method' AS method, request->>'url' AS url, status, attempt, item_count AS items, bytes,
    started_at, duration_ms, next
  FROM noetl.page
  WHERE execution_id = $1 AND step = $2 AND iteration_index = $3 AND page > $4
  ORDER BY page LIMIT $5 + 1`

/** The saved pages of one element, without their bodies. Throws DomainError('not_found' | 'invalid_request'). */
export async function listPages(executionId: string, index: number, query: ListPagesQuery): Promise<PageList> {
  const step = await stepOfIteration(executionId, index, query.step)
  const { rows } = await pool().query<PageRow>(LIST, [executionId, step, index, query.cursor ?? -1, query.limit])
  const items = rows.slice(0, query.limit).map((row) => ({ ...row, started_at: row.started_at.toISOString() }))
  const last = items.at(-1)
  return { items, next_cursor: rows.length > query.limit && last !== undefined ? String(last.page) : null }
}
