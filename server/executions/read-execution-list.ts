import type { ExecutionList, ExecutionSummary, ListExecutionsQuery } from '@/domain/api/executions'
import { executionStatusSchema } from '@/domain/api/fields'
import { errorFactsSchema } from '@/domain/execution/events'
import { isSettled } from '@/domain/execution/view'
import { pool } from '../db/pool'
import type { ListedExecution } from '../sse/execution-list-tail'

export type ExecutionRow = {
  execution_id: string
  path: string
  version: number | null
  status: string
  elements: number
  failed: number
  pages: number
  items: string
  retries: number
  error: unknown
  last_seq: number
  created_at: Date
  started_at: Date | null
  ended_at: Date | null
}

export const EXECUTION_COLUMNS = `execution_id, path, version, status, elements, failed, pages, items, retries, error,
  last_seq, created_at, started_at, ended_at`

/** Newest first, by keyset: the id falls as the list goes on, so no page is counted or skipped over. */
export async function listExecutions(query: ListExecutionsQuery): Promise<ExecutionList> {
  const { where, values } = conditionsOf(query)
  const { rows } = await pool().query<ExecutionRow>(
    `SELECT ${EXECUTION_COLUMNS} FROM noetl.execution ${where} ORDER BY execution_id DESC LIMIT ${query.limit + 1}`,
    values,
  )
  const items = rows.slice(0, query.limit).map(executionSummary)
  const last = items.at(-1)
  return { items, next_cursor: rows.length > query.limit && last !== undefined ? last.execution_id : null }
}

/** Only the conditions asked for, so that each way of asking gets the plan of its own index. */
function conditionsOf(query: ListExecutionsQuery): { where: string; values: string[] } {
  const asked: [string, string | undefined][] = [
    ['execution_id < ?', query.cursor],
    ['status = ?', query.status],
    ['path = ?', query.path],
    // Ids grow with time, so the first older execution, met from the newest end, bounds the list by the primary key.
    ['execution_id > coalesce((SELECT max(execution_id) FROM noetl.execution WHERE created_at < ?), 0)', query.since],
  ]
  const given = asked.flatMap(([condition, value]) => (value === undefined ? [] : [{ condition, value }]))
  const conditions = given.map(({ condition }, at) => condition.replace('?', `$${at + 1}`))
  return {
    where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`,
    values: given.map(({ value }) => value),
  }
}

/** The newest executions, newest first. */
export async function readRecentExecutions(limit: number): Promise<ListedExecution[]> {
  const { rows } = await pool().query<ExecutionRow>({
    name: 'read-recent-executions',
    text: `SELECT ${EXECUTION_COLUMNS} FROM noetl.execution ORDER BY execution_id DESC LIMIT $1`,
    values: [limit],
  })
  return rows.map(listed)
}

/** These executions and all that are not settled: both are found by index. */
export async function readChangingExecutions(executionIds: readonly string[]): Promise<ListedExecution[]> {
  const { rows } = await pool().query<ExecutionRow>({
    name: 'read-changing-executions',
    text: `SELECT ${EXECUTION_COLUMNS} FROM noetl.execution
      WHERE execution_id = ANY ($1::bigint[]) OR status IN ('PENDING', 'RUNNING', 'PAUSED')
      ORDER BY execution_id DESC LIMIT 2000`,
    values: [executionIds],
  })
  return rows.map(listed)
}

const listed = (row: ExecutionRow): ListedExecution => {
  const summary = executionSummary(row)
  return { summary, settled: isSettled(summary.status), mark: `${row.status} ${row.last_seq}` }
}

/** A row of the list as the API gives it. */
export function executionSummary(row: ExecutionRow): ExecutionSummary {
  return {
    execution_id: row.execution_id,
    path: row.path,
    version: row.version,
    status: executionStatusSchema.parse(row.status),
    stats: {
      elements: row.elements,
      failed: row.failed,
      pages: row.pages,
      items: Number(row.items),
      retries: row.retries,
    },
    created_at: row.created_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    ended_at: row.ended_at?.toISOString() ?? null,
    ...errorMember(row.error),
  }
}

/** `error` is left out of an answer where nothing failed. */
export function errorMember(error: unknown): { error?: ExecutionSummary['error'] & {} } {
  const facts = errorFactsSchema.safeParse(error)
  return facts.success ? { error: facts.data } : {}
}
