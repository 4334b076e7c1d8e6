import { z } from 'zod'
import type { PageRecord } from '@/domain/execution/element-records'
import type { NewEvent } from '@/domain/execution/events'
import type { JsonObject } from '@/domain/json'
import { appendEvents } from './append-events'
import { pageColumns } from './page-columns'
import type { HeldClaim } from './renew-leases'
import { toJson } from './to-json'
import { toJsonb } from './to-jsonb'
import { withTransaction } from './with-transaction'

const LOCK = `
  SELECT FROM noetl.execution WHERE execution_id = $1 AND status IN ('RUNNING', 'PAUSED') FOR NO KEY UPDATE`

const HELD = `
  SELECT FROM noetl.iteration
  WHERE execution_id = $1 AND step = $2 AND iteration_index = $3 AND epoch = $4 AND status = 'RUNNING' FOR NO KEY UPDATE`

/** Of steps whose pages replace one another only the last one counts. */
const REPLACE = `
  WITH before AS (
    SELECT p.item_count, NOT s.last_page_only OR NOT EXISTS (
      SELECT FROM noetl.page later WHERE later.execution_id = $1 AND later.step = $2 AND later.iteration_index = $3 AND later.page > $4
    ) AS counts
    FROM noetl.page p JOIN noetl.step s USING (execution_id, step)
    WHERE p.execution_id = $1 AND p.step = $2 AND p.iteration_index = $3 AND p.page = $4
  ), replaced AS (
    UPDATE noetl.page p SET request = n.request, status = n.status, response_headers = n.response_headers,
      timing = n.timing, started_at = n.started_at, duration_ms = n.duration_ms, bytes = n.bytes, item_count = n.item_count,
      items_path = n.items_path, next = n.next, fingerprints = n.fingerprints, attempt = n.attempt, body = $6,
      items = $7, created_at = clock_timestamp()
    FROM jsonb_to_record($5::jsonb) AS n (request jsonb, status integer, response_headers jsonb, timing jsonb,
      started_at timestamptz, duration_ms integer, bytes integer, item_count integer, items_path text[], next jsonb,
      fingerprints text[], attempt integer)
    WHERE p.execution_id = $1 AND p.step = $2 AND p.iteration_index = $3 AND p.page = $4
    RETURNING p.item_count
  ), added AS (
    SELECT CASE WHEN b.counts THEN r.item_count - b.item_count ELSE 0 END AS items FROM before b, replaced r
  ), iterations AS (
    UPDATE noetl.iteration i SET items = i.items + a.items, checkpoint = $8::jsonb, idle_starts = 0 FROM added a
    WHERE i.execution_id = $1 AND i.step = $2 AND i.iteration_index = $3
  ), steps AS (
    UPDATE noetl.step s SET items = s.items + a.items FROM added a WHERE s.execution_id = $1 AND s.step = $2
  )
  UPDATE noetl.execution e SET items = e.items + a.items FROM added a WHERE e.execution_id = $1 RETURNING a.items AS added`

const addedSchema = z.object({ added: z.number().int() })

/**
 * Puts a page that was fetched again in the place of the saved one, with its event and the checkpoint, in one transaction;
 * everything is masked already. Gives back how many items the element has more; null when the claim was lost.
 */
export async function replacePage(
  claim: HeldClaim,
  { page, events, checkpoint }: { page: PageRecord; events: readonly NewEvent[]; checkpoint: JsonObject },
): Promise<number | null> {
  const { executionId, step, index, epoch } = claim
  return withTransaction(async (client) => {
    if ((await client.query(LOCK, [executionId])).rowCount === 0) return null
    if ((await client.query(HELD, [executionId, step, index, epoch])).rowCount === 0) return null
    const { rows } = await client.query(REPLACE, [
      executionId,
      step,
      index,
      page.page,
      toJsonb(pageColumns(page)),
      page.body === null ? null : toJson(page.body),
      page.items === null ? null : toJson(page.items),
      toJsonb(checkpoint),
    ])
    await appendEvents(client, executionId, events)
    return addedSchema.parse(rows[0]).added
  })
}
