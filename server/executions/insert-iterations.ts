import { toExactJsonb } from '../db/exact-jsonb'
import type { Queryable } from '../db/pool'

/** Masked elements, and what a person calls each. */
export type Collection = {
  totalCount: number
  elements: readonly unknown[]
  labels: readonly string[]
  concurrency: number
  /** How many of them a person would call elements: none of a step that only runs a statement. */
  counted: number
}

const ROWS_A_STATEMENT = 5_000

type StepSizes = {
  executionId: string
  step: string
  collection: Collection
  /** Each page replaces the one before. */
  lastPageOnly: boolean
}

/** Writes the iterations of a step, in the order of its collection, and its sizes. */
export async function insertIterations(
  client: Queryable,
  { executionId, step, collection, lastPageOnly }: StepSizes,
): Promise<void> {
  const { totalCount, elements, labels, concurrency, counted } = collection
  await client.query({
    name: 'size-step',
    text: `WITH counted AS (UPDATE noetl.execution SET elements = elements + $6 WHERE execution_id = $1)
           UPDATE noetl.step SET total_count = $3, collection_size = $4, concurrency = $5, last_page_only = $7
           WHERE execution_id = $1 AND step = $2`,
    values: [executionId, step, totalCount, elements.length, concurrency, counted, lastPageOnly],
  })
  for (let from = 0; from < elements.length; from += ROWS_A_STATEMENT) {
    const to = from + ROWS_A_STATEMENT
    await client.query({
      name: 'insert-iterations',
      text: `INSERT INTO noetl.iteration (execution_id, step, iteration_index, element, label)
             SELECT $1, $2, $3 + ord - 1, element, label
             FROM unnest($4::jsonb[], $5::text[]) WITH ORDINALITY AS new (element, label, ord)`,
      values: [executionId, step, from, elements.slice(from, to).map(storable), labels.slice(from, to).map(withoutNul)],
    })
  }
}

/** Integers beyond 2^53 stay numbers: the body of a request holds an element's id as the API gave it. */
export const storable = (element: unknown): string | null => (element === null ? null : toExactJsonb(element))

const withoutNul = (label: string): string => label.replaceAll('\u0000', '').slice(0, 200)
