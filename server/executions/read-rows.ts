import type { ListRowsQuery } from '@/domain/api/results'
import type { RawRow } from '@/domain/results/result-row'
import { pool } from '../db/pool'
import { noSuchExecution } from './read-events'
import { readPagesInOrder, rowsOf, type PagePlace } from './read-pages-in-order'

/**
 * A window on the results in export order as JSON text (`rowListSchema`). It is found by running sums of kept counters —
 * steps, then the elements of one step, then the pages of one element — so no page before it is read. Throws DomainError('not_found').
 */
export async function readRows(executionId: string, query: ListRowsQuery): Promise<string> {
  const steps = await readStepItems(executionId, query.step ?? null)
  const total = steps.reduce((sum, { items }) => sum + items, 0)
  const start = query.offset < total ? await locate(executionId, steps, query.offset) : null
  const rows = start === null ? [] : await collect(executionId, { ...start, ...query })
  return `{"items":[${rows.map(rowJson).join(',')}],"total":${total}}`
}

type StepItems = { step: string; items: number; lastPageOnly: boolean }
type Start = { place: PagePlace; skip: number }

async function readStepItems(executionId: string, step: string | null): Promise<StepItems[]> {
  const { rows } = await pool().query<{ step: string | null; items: string | null; last_page_only: boolean | null }>(
    `SELECT s.step, s.items, s.last_page_only FROM noetl.execution x
     LEFT JOIN noetl.step s ON s.execution_id = x.execution_id AND s.items > 0 AND ($2::text IS NULL OR s.step = $2)
     WHERE x.execution_id = $1 AND x.removed_at IS NULL ORDER BY s.step`,
    [executionId, step],
  )
  if (rows.length === 0) throw noSuchExecution(executionId)
  return rows.flatMap((row) =>
    row.step === null ? [] : [{ step: row.step, items: Number(row.items), lastPageOnly: row.last_page_only === true }],
  )
}

const FIND_ITERATION = `
  SELECT iteration_index AS at, before FROM (
    SELECT iteration_index, items, sum(items) OVER (ORDER BY iteration_index) - items AS before
    FROM noetl.iteration WHERE execution_id = $1 AND step = $2
  ) AS summed WHERE before + items > $3 ORDER BY iteration_index LIMIT 1`

const FIND_PAGE = `
  SELECT page AS at, before FROM (
    SELECT page, item_count, sum(item_count) OVER (ORDER BY page) - item_count AS before
    FROM noetl.page WHERE execution_id = $1 AND step = $2 AND iteration_index = $3
  ) AS summed WHERE before + item_count > $4 ORDER BY page LIMIT 1`

const FIND_LAST_PAGE = `
  SELECT max(page) AS at, 0 AS before FROM noetl.page
  WHERE execution_id = $1 AND step = $2 AND iteration_index = $3`

async function locate(executionId: string, steps: readonly StepItems[], offset: number): Promise<Start | null> {
  let left = offset
  for (const { step, items, lastPageOnly } of steps) {
    if (left >= items) {
      left -= items
      continue
    }
    const iteration = await findOne(FIND_ITERATION, [executionId, step, left])
    if (iteration === null) return null
    const inIteration = left - iteration.before
    const at = [executionId, step, iteration.at]
    const page = await (lastPageOnly ? findOne(FIND_LAST_PAGE, at) : findOne(FIND_PAGE, [...at, inIteration]))
    if (page === null) return null
    return { place: { step, index: iteration.at, page: page.at }, skip: inIteration - page.before }
  }
  return null
}

async function findOne(text: string, values: unknown[]): Promise<{ at: number; before: number } | null> {
  const { rows } = await pool().query<{ at: number; before: string }>(text, values)
  const found = rows[0]
  return found === undefined ? null : { at: found.at, before: Number(found.before) }
}

type Window = Start & ListRowsQuery

async function collect(executionId: string, { place, skip, limit, step }: Window): Promise<RawRow[]> {
  const rows: RawRow[] = []
  let passed = 0
  const after = { ...place, page: place.page - 1 }
  for await (const pages of readPagesInOrder(pool(), { executionId, step: step ?? null, after })) {
    for (const page of pages) {
      for (const row of rowsOf(page)) {
        if (passed++ < skip) continue
        rows.push(row)
        if (rows.length === limit) return rows
      }
    }
  }
  return rows
}

const rowJson = ({ item, ...origin }: RawRow): string => `${JSON.stringify(origin).slice(0, -1)},"item":${item}}`
