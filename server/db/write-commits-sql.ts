/**
 * $1 pages, $2 attempts, $3 events, $4 iterations: jsonb arrays of rows by column name, of rows that are locked already.
 * From $5 on the bodies of the pages, then their items, as text that goes into its `json` column letter by letter. A
 * parameter each: to quote 26 kB of JSON inside of an array costs as much again as to write it.
 */
export const writeCommitsSql = (pages: number): string => `
  WITH pages AS (
    INSERT INTO noetl.page (execution_id, step, iteration_index, page, request, status, response_headers, timing,
      started_at, duration_ms, bytes, item_count, items_path, next, fingerprints, attempt, body, items)
    SELECT execution_id, step, iteration_index, page, request, status, response_headers, timing,
      started_at, duration_ms, bytes, item_count, items_path, next, fingerprints, attempt, body::json, items::json
    FROM ROWS FROM (
      jsonb_to_recordset($1::jsonb) AS (execution_id bigint, step text, iteration_index int, page int, request jsonb,
        status int, response_headers jsonb, timing jsonb, started_at timestamptz, duration_ms int, bytes int,
        item_count int, items_path text[], next jsonb, fingerprints text[], attempt int),
      unnest(${parameters(5, pages)}, ${parameters(5 + pages, pages)})
    ) AS p (execution_id, step, iteration_index, page, request, status, response_headers, timing, started_at,
      duration_ms, bytes, item_count, items_path, next, fingerprints, attempt, body, items)
  ), attempts AS (
    INSERT INTO noetl.attempt (execution_id, step, iteration_index, page, attempt, request, status, response_headers,
      body_text, error, delay_ms, started_at, duration_ms)
    SELECT * FROM jsonb_to_recordset($2::jsonb) AS a (execution_id bigint, step text, iteration_index int, page int,
      attempt int, request jsonb, status int, response_headers jsonb, body_text text, error jsonb, delay_ms int,
      started_at timestamptz, duration_ms int)
    ON CONFLICT (execution_id, step, iteration_index, page, attempt) DO UPDATE SET
      request = excluded.request, status = excluded.status, response_headers = excluded.response_headers,
      body_text = excluded.body_text, error = excluded.error, delay_ms = excluded.delay_ms,
      started_at = excluded.started_at, duration_ms = excluded.duration_ms
  ), new_events AS (
    SELECT * FROM jsonb_to_recordset($3::jsonb) AS v (execution_id bigint, seq int, event_type text, status text,
      node_name text, iteration_index int, page int, attempt int, context jsonb)
  ), events AS (
    INSERT INTO noetl.event (execution_id, seq, event_type, status, node_name, iteration_index, page, attempt, context,
      created_at)
    SELECT execution_id, seq, event_type, status, node_name, iteration_index, page, attempt, context, clock_timestamp()
    FROM new_events ORDER BY execution_id, seq
  ), news AS (
    SELECT * FROM jsonb_to_recordset($4::jsonb) AS n (execution_id bigint, step text, iteration_index int,
      checkpoint jsonb, status text, next_attempt_at timestamptz, pages int, items int, retries int, events int)
  ), iterations AS (
    UPDATE noetl.iteration i SET
      checkpoint = n.checkpoint, status = n.status, next_attempt_at = n.next_attempt_at, idle_starts = 0,
      pages = i.pages + n.pages, items = i.items + n.items, retries = i.retries + n.retries,
      worker_id = CASE n.status WHEN 'WAITING' THEN NULL ELSE i.worker_id END,
      lease_until = CASE n.status WHEN 'WAITING' THEN NULL ELSE i.lease_until END
    FROM news n
    WHERE i.execution_id = n.execution_id AND i.step = n.step AND i.iteration_index = n.iteration_index
  ), steps AS (
    UPDATE noetl.step s SET pages = s.pages + n.pages, items = s.items + n.items
    FROM (SELECT execution_id, step, sum(pages) AS pages, sum(items) AS items FROM news GROUP BY 1, 2) n
    WHERE s.execution_id = n.execution_id AND s.step = n.step
  ), executions AS (
    UPDATE noetl.execution e SET last_seq = e.last_seq + n.events, pages = e.pages + n.pages,
      items = e.items + n.items, retries = e.retries + n.retries
    FROM (
      SELECT execution_id, sum(pages) AS pages, sum(items) AS items, sum(retries) AS retries, sum(events) AS events
      FROM news GROUP BY 1
    ) n
    WHERE e.execution_id = n.execution_id
  )
  SELECT pg_notify('noetl_event', execution_id::text) FROM (SELECT DISTINCT execution_id FROM new_events) AS changed`

const parameters = (first: number, count: number): string =>
  `ARRAY[${Array.from({ length: count }, (_, place) => `$${first + place}`).join(', ')}]::text[]`
