import type { RawRow } from '@/domain/results/result-row'
import { itemSlices, sliceAt } from '@/domain/results/json-slices'
import type { Queryable } from '../db/pool'

/** A place in export order: step, element, page. */
export type PagePlace = { step: string; index: number; page: number }

export type StoredPage = PagePlace & {
  /** Its label, or else the element as JSON. */
  element: string | null
  itemCount: number
  /** JSON text: the items themselves when `itemsPath` is null, else the body. */
  text: string | null
  itemsPath: string[] | null
}

type PageRow = { step: string; iteration_index: number; page: number; item_count: number } & {
  element: string | null
  text: string | null
  items_path: string[] | null
}

/** What one read may hold in memory; a single page may be larger. */
const BATCH_BYTES = 4 * 1024 * 1024
const BATCH_PAGES = 200

/** The window keeps a batch small however large the pages are; bodies are read only for the rows that pass it. */
const READ_BATCH = `
  WITH ahead AS (
    SELECT step, iteration_index, page, item_count, items, body, items_path,
      sum(bytes) OVER (ORDER BY step, iteration_index, page ROWS UNBOUNDED PRECEDING) - bytes AS bytes_before
    FROM noetl.page p
    WHERE execution_id = $1 AND (step, iteration_index, page) > ($2, $3, $4) AND ($5::text IS NULL OR step = $5)
      AND (step <> ALL ($6::text[]) OR NOT EXISTS (
        SELECT FROM noetl.page l
        WHERE l.execution_id = $1 AND l.step = p.step AND l.iteration_index = p.iteration_index AND l.page > p.page))
    ORDER BY step, iteration_index, page
    LIMIT ${BATCH_PAGES}
  )
  SELECT a.step, a.iteration_index, a.page, a.item_count, coalesce(i.label, i.element::text) AS element,
    coalesce(a.items, a.body)::text AS text, CASE WHEN a.items IS NULL THEN a.items_path END AS items_path
  FROM ahead a
  JOIN noetl.iteration i ON i.execution_id = $1 AND i.step = a.step AND i.iteration_index = a.iteration_index
  WHERE a.bytes_before < ${BATCH_BYTES}
  ORDER BY a.step, a.iteration_index, a.page`

const LAST_PAGE_ONLY = 'SELECT step FROM noetl.step WHERE execution_id = $1 AND last_page_only'

export type PageRange = { executionId: string; step: string | null; after?: PagePlace }

const START: PagePlace = { step: '', index: -1, page: -1 }

/** The pages of an execution in export order, a bounded batch at a time; only the last of an iteration where pages replace each other. */
export async function* readPagesInOrder(db: Queryable, range: PageRange): AsyncGenerator<StoredPage[]> {
  let after = range.after ?? START
  const lastOnly = await db.query<{ step: string }>(LAST_PAGE_ONLY, [range.executionId])
  const lastOnlySteps = lastOnly.rows.map(({ step }) => step)
  for (;;) {
    const { rows } = await db.query<PageRow>(READ_BATCH, [
      range.executionId,
      after.step,
      after.index,
      after.page,
      range.step,
      lastOnlySteps,
    ])
    const pages = rows.map(storedPage)
    const last = pages.at(-1)
    if (last === undefined) return
    yield pages
    after = last
  }
}

/** The items of a page as rows, in the order they came. */
export function* rowsOf(page: StoredPage): Generator<RawRow> {
  const items = page.itemsPath === null || page.text === null ? page.text : sliceAt(page.text, page.itemsPath)
  let row = 0
  for (const item of itemSlices(items)) {
    row++
    yield { step: page.step, index: page.index, element: page.element, page: page.page, row, item }
  }
}

const storedPage = (row: PageRow): StoredPage => ({
  step: row.step,
  index: row.iteration_index,
  page: row.page,
  element: row.element,
  itemCount: row.item_count,
  text: row.text,
  itemsPath: row.items_path,
})
