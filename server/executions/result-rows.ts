import { isClosing } from '@/domain/execution/closing-iteration'
import { collectPages } from '@/domain/execution/collect-pages'
import type { PostgresAction, Step } from '@/domain/playbook/playbook'
import { fromExactJsonb } from '../db/exact-jsonb'
import { pool } from '../db/pool'
import type { ElementWork } from './element-work'
import { readPagesInOrder, type StoredPage } from './read-pages-in-order'
import { readIterationPages } from './read-step-result'

type Iteration = Pick<ElementWork, 'key' | 'step'>

const ITERATIONS_A_READ = 500

/** Results inside results: pages of an iteration, iterations of a loop. */
const NESTING = 3

/**
 * Whether the rows to store are exactly the results (`{{ result.results }}` of a whole loop, `{{ result }}` of an
 * iteration), so that they can go from table to table in batches, however many there are.
 */
export function storesResults(work: Iteration, action: PostgresAction): boolean {
  if (action.kind !== 'rows' || typeof action.data !== 'string') return false
  if (isClosing(work.key)) return /^\{\{\s*(?:result|this)\.results\s*\}\}$/.test(action.data)
  return joinsPages(work.step) && /^\{\{\s*(?:result|this)\s*\}\}$/.test(action.data)
}

/** The results as rows, in the order of the collection; lists in them are taken apart. One batch is in memory at a time. */
export async function* resultRows(work: Iteration): AsyncGenerator<unknown[]> {
  if (!isClosing(work.key)) yield* rowsOfPages(work, new Set())
  else if (joinsPages(work.step)) yield* rowsOfPages(work, await withoutResult(work))
  else yield* rowsOfIterations(work)
}

/** Each page gives its own rows; with any other strategy an iteration has to be seen as a whole. */
const joinsPages = (step: Step): boolean =>
  step.tool === 'http' &&
  step.pagination !== null &&
  (step.pagination.kind !== 'while' || (step.pagination.collect?.strategy ?? 'append') === 'append')

async function* rowsOfPages({ key, step }: Iteration, without: ReadonlySet<number>): AsyncGenerator<unknown[]> {
  const { executionId, index } = key
  const after = { step: key.step, index: isClosing(key) ? -1 : index, page: -1 }
  for await (const pages of readPagesInOrder(pool(), { executionId, step: key.step, after })) {
    const own = isClosing(key) ? pages : pages.filter((page) => page.index === index)
    yield own.filter((page) => !without.has(page.index)).flatMap((page) => rowsIn(collectPages(step, [partsOf(page)])))
    if (own.length < pages.length) return
  }
}

const partsOf = ({ text, itemsPath }: StoredPage) =>
  itemsPath === null ? { body: null, itemsPath: [], items: text } : { body: text, itemsPath, items: null }

/** Elements that failed keep the items of their finished pages, but have no result. */
async function withoutResult({ key }: Iteration): Promise<ReadonlySet<number>> {
  const { rows } = await pool().query<{ index: number }>(
    `SELECT iteration_index AS index FROM noetl.iteration
     WHERE execution_id = $1 AND step = $2 AND iteration_index >= 0 AND status <> 'COMPLETED'`,
    [key.executionId, key.step],
  )
  return new Set(rows.map(({ index }) => index))
}

async function* rowsOfIterations({ key, step }: Iteration): AsyncGenerator<unknown[]> {
  for (let after = -1; ;) {
    const { rows } = await pool().query<{ index: number; value: string | null }>(
      `SELECT iteration_index AS index, CASE WHEN $4 THEN NULL ELSE (checkpoint -> 'result')::text END AS value
       FROM noetl.iteration
       WHERE execution_id = $1 AND step = $2 AND iteration_index > $3 AND status = 'COMPLETED'
       ORDER BY iteration_index LIMIT ${ITERATIONS_A_READ}`,
      [key.executionId, key.step, after, step.tool === 'http'],
    )
    const last = rows.at(-1)
    if (last === undefined) return
    for (const { index, value } of rows) {
      yield rowsIn(
        step.tool === 'http'
          ? collectPages(step, await readIterationPages(pool(), { ...key, index }))
          : fromExactJsonb(value),
      )
    }
    after = last.index
  }
}

const rowsIn = (value: unknown): unknown[] => [value].flat(NESTING + 1).filter((row) => row !== null)
