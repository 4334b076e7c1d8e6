import { z } from 'zod'
import type { SavedPage } from '@/domain/execution/page-again'
import type { Json, JsonObject } from '@/domain/json'
import type { IterationKey } from '../db/page-commit'
import { pool } from '../db/pool'

/** `followed`: the request of the page after it, null at the end. */
export type FoundPage = SavedPage & { items: number; isLast: boolean; followed: JsonObject | null }

const object = z.record(z.string(), z.custom<Json>())
const rowSchema = z.object({
  request: object,
  next: object,
  attempt: z.number().int(),
  items: z.number().int(),
  is_last: z.boolean(),
  items_before: z.number(),
  received_before: z.number().nullable(),
  fingerprints_before: z.array(z.string()),
  choice: object.nullable(),
  followed: object.nullable(),
})

/** `values.received` of the page before counts what came by then. The number of the coming try follows every try on record. */
const READ = `
  SELECT p.request, p.next, p.item_count AS items,
    1 + greatest(p.attempt, coalesce((SELECT max(attempt) FROM noetl.attempt a WHERE a.execution_id = $1 AND a.step = $2
      AND a.iteration_index = $3 AND a.page = $4), 0)) AS attempt,
    NOT EXISTS (SELECT FROM noetl.page l WHERE l.execution_id = $1 AND l.step = $2 AND l.iteration_index = $3 AND l.page > $4) AS is_last,
    (SELECT l.request FROM noetl.page l WHERE l.execution_id = $1 AND l.step = $2 AND l.iteration_index = $3 AND l.page > $4
      ORDER BY l.page LIMIT 1) AS followed,
    (SELECT coalesce(sum(item_count), 0)::float8 FROM noetl.page b WHERE b.execution_id = $1 AND b.step = $2
      AND b.iteration_index = $3 AND b.page < $4) AS items_before,
    (SELECT (b.next -> 'values' ->> 'received')::float8 FROM noetl.page b WHERE b.execution_id = $1 AND b.step = $2
      AND b.iteration_index = $3 AND b.page < $4 ORDER BY b.page DESC LIMIT 1) AS received_before,
    ARRAY(SELECT mark FROM noetl.page b, unnest(b.fingerprints) WITH ORDINALITY AS f (mark, ord)
      WHERE b.execution_id = $1 AND b.step = $2 AND b.iteration_index = $3 AND b.page < $4 ORDER BY b.page, f.ord) AS fingerprints_before,
    (SELECT b.next -> 'auto' -> 'choice' FROM noetl.page b WHERE b.execution_id = $1 AND b.step = $2
      AND b.iteration_index = $3 AND b.page <= 2 AND jsonb_typeof(b.next -> 'auto' -> 'choice') = 'object'
      ORDER BY b.page DESC LIMIT 1) AS choice
  FROM noetl.page p WHERE p.execution_id = $1 AND p.step = $2 AND p.iteration_index = $3 AND p.page = $4`

/** A saved page as it was asked for, and what the pages before it had come to; null when it is not on record. */
export async function readSavedPage(key: IterationKey, page: number): Promise<FoundPage | null> {
  const { rows } = await pool().query(READ, [key.executionId, key.step, key.index, page])
  if (rows[0] === undefined) return null
  const row = rowSchema.parse(rows[0])
  return {
    page,
    attempt: row.attempt,
    request: row.request as JsonObject,
    next: row.next as JsonObject,
    items: row.items,
    isLast: row.is_last,
    itemsBefore: row.items_before,
    receivedBefore: row.received_before ?? row.items_before,
    fingerprintsBefore: row.fingerprints_before,
    choice: row.choice as JsonObject | null,
    followed: row.followed as JsonObject | null,
  }
}
