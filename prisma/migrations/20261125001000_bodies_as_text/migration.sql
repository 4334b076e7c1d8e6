-- Bodies are parsed before they come here; to have the server parse each once more costs an eighth of storing it.
-- Hazard: the table of pages is written anew, once.

-- AlterTable
ALTER TABLE "noetl"."page" ALTER COLUMN "body" SET DATA TYPE TEXT,
ALTER COLUMN "items" SET DATA TYPE TEXT;

-- A new type has a storage of its own again: LZ4 where the server was built with it, otherwise uncompressed, as before.
DO $$
DECLARE
  body_column text;
BEGIN
  FOREACH body_column IN ARRAY ARRAY['body', 'items'] LOOP
    BEGIN
      EXECUTE format('ALTER TABLE noetl.page ALTER COLUMN %I SET COMPRESSION lz4', body_column);
    EXCEPTION WHEN feature_not_supported THEN
      EXECUTE format('ALTER TABLE noetl.page ALTER COLUMN %I SET STORAGE EXTERNAL', body_column);
    END;
  END LOOP;
END
$$;

-- As before, but for four things. Bodies and items stay text; only the last commit of an iteration in a round brings its
-- checkpoint; that an iteration began is no progress (P11); and a statement is planned once a connection, by the keys, whatever size the tables have at that moment:
-- planning each round anew took a third of its time.
-- `commits`: one an outcome, in the order they are to be written; rows of pages, attempts and events name theirs by `ord`,
-- which counts from 1. Bodies and items are JSON text, one a page, kept letter by letter. Gives back, by commit,
-- whether it is on record: false where another claim, or the end of the run, came first, and nothing was written.
CREATE OR REPLACE FUNCTION "noetl"."commit_pages"(
  commits jsonb, page_rows jsonb, attempt_rows jsonb, event_rows jsonb, page_bodies text[], page_items text[]
) RETURNS boolean[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  running bigint[];
  held integer[];
  new integer[];
BEGIN
  -- Locks in the order of their keys, executions first. Each statement sees what the others' writers did before its locks.
  SELECT array_agg(l.execution_id) INTO running FROM (
    SELECT e.execution_id FROM noetl.execution e
    WHERE e.execution_id = ANY (ARRAY(SELECT (c.value ->> 'execution_id')::bigint FROM jsonb_array_elements(commits) c))
      AND e.status IN ('RUNNING', 'PAUSED')
    ORDER BY e.execution_id FOR NO KEY UPDATE
  ) l;
  SELECT coalesce(array_agg(l.ord), '{}'), coalesce(array_agg(l.ord) FILTER (WHERE NOT l.saved), '{}') INTO held, new FROM (
    SELECT c.ord, EXISTS (
      SELECT FROM noetl.page p
      WHERE p.execution_id = i.execution_id AND p.step = i.step AND p.iteration_index = i.iteration_index AND p.page = c.page
    ) AS saved
    FROM jsonb_to_recordset(commits)
      AS c (ord integer, execution_id bigint, step text, iteration_index integer, epoch integer, page integer)
    JOIN noetl.iteration i ON i.execution_id = c.execution_id AND i.step = c.step
      AND i.iteration_index = c.iteration_index AND i.epoch = c.epoch
    WHERE i.execution_id = ANY (running) AND i.status IN ('RUNNING', 'WAITING')
    ORDER BY i.execution_id, i.step, i.iteration_index FOR NO KEY UPDATE OF i
  ) l;

  IF cardinality(new) > 0 THEN
    WITH news AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(commits) AS c (ord integer, execution_id bigint, step text, iteration_index integer,
        checkpoint jsonb, status text, next_attempt_at timestamptz, pages integer, items integer, retries integer,
        events integer, moved boolean)
      WHERE c.ord = ANY (new)
    ), new_pages AS (
      INSERT INTO noetl.page (execution_id, step, iteration_index, page, request, status, response_headers, timing,
        started_at, duration_ms, bytes, item_count, items_path, next, fingerprints, attempt, body, items)
      SELECT n.execution_id, n.step, n.iteration_index, p.page, p.request, p.status, p.response_headers, p.timing,
        p.started_at, p.duration_ms, p.bytes, p.item_count, p.items_path, p.next, p.fingerprints, p.attempt,
        page_bodies[p.place], page_items[p.place]
      FROM jsonb_to_recordset(page_rows) AS p (ord integer, place integer, page integer, request jsonb, status integer,
        response_headers jsonb, timing jsonb, started_at timestamptz, duration_ms integer, bytes integer,
        item_count integer, items_path text[], next jsonb, fingerprints text[], attempt integer)
      JOIN news n ON n.ord = p.ord
    ), new_attempts AS (
      INSERT INTO noetl.attempt (execution_id, step, iteration_index, page, attempt, request, status, response_headers,
        body_text, error, delay_ms, started_at, duration_ms)
      SELECT n.execution_id, n.step, n.iteration_index, a.page, a.attempt, a.request, a.status, a.response_headers,
        a.body_text, a.error, a.delay_ms, a.started_at, a.duration_ms
      FROM jsonb_to_recordset(attempt_rows) AS a (ord integer, page integer, attempt integer, request jsonb, status integer,
        response_headers jsonb, body_text text, error jsonb, delay_ms integer, started_at timestamptz, duration_ms integer)
      JOIN news n ON n.ord = a.ord
      ON CONFLICT (execution_id, step, iteration_index, page, attempt) DO UPDATE SET
        request = excluded.request, status = excluded.status, response_headers = excluded.response_headers,
        body_text = excluded.body_text, error = excluded.error, delay_ms = excluded.delay_ms,
        started_at = excluded.started_at, duration_ms = excluded.duration_ms
    ), new_events AS (
      INSERT INTO noetl.event (execution_id, seq, event_type, status, node_name, iteration_index, page, attempt, context,
        created_at)
      SELECT n.execution_id, e.last_seq + row_number() OVER (PARTITION BY n.execution_id ORDER BY v.place), v.event_type,
        v.status, v.node_name, v.iteration_index, v.page, v.attempt, v.context, clock_timestamp()
      FROM jsonb_to_recordset(event_rows) AS v (ord integer, place integer, event_type text, status text, node_name text,
        iteration_index integer, page integer, attempt integer, context jsonb)
      JOIN news n ON n.ord = v.ord
      JOIN noetl.execution e ON e.execution_id = n.execution_id
      ORDER BY v.place
    ), iterations AS (
      UPDATE noetl.iteration i SET
        checkpoint = coalesce(c.checkpoint, i.checkpoint), status = c.status, next_attempt_at = c.next_attempt_at,
        idle_starts = CASE WHEN n.moved THEN 0 ELSE i.idle_starts END,
        pages = i.pages + n.pages, items = i.items + n.items, retries = i.retries + n.retries,
        worker_id = CASE c.status WHEN 'WAITING' THEN NULL ELSE i.worker_id END,
        lease_until = CASE c.status WHEN 'WAITING' THEN NULL ELSE i.lease_until END
      FROM (
        SELECT max(ord) AS ord, sum(pages) AS pages, sum(items) AS items, sum(retries) AS retries, bool_or(moved) AS moved
        FROM news GROUP BY execution_id, step, iteration_index
      ) n
      JOIN news c ON c.ord = n.ord
      WHERE i.execution_id = c.execution_id AND i.step = c.step AND i.iteration_index = c.iteration_index
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
    SELECT array_agg(n.execution_id) INTO running FROM (SELECT execution_id FROM news GROUP BY 1 HAVING sum(events) > 0) n;
    PERFORM pg_notify('noetl_event', execution_id::text) FROM unnest(running) AS execution_id;
  END IF;
  RETURN ARRAY(SELECT o = ANY (held) FROM generate_series(1, jsonb_array_length(commits)) AS o);
END
$$;

-- As before, and tells of each end whether `others` of its loop are still at work and none waits: then the orchestrator has
-- nothing to decide. Gives {written: [boolean], settled: [{settled, next, others}]}.
CREATE OR REPLACE FUNCTION "noetl"."commit_round"(
  settlements jsonb, commits jsonb, page_rows jsonb, attempt_rows jsonb, event_rows jsonb, page_bodies text[], page_items text[]
) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  written boolean[] := '{}';
  settlement jsonb;
  is_settled boolean;
  results jsonb := '[]';
BEGIN
  -- All locks before the first write and in the order of their keys: leases are renewed at the same time.
  PERFORM FROM noetl.execution e
  WHERE e.execution_id = ANY (ARRAY(SELECT (r.value ->> 'execution_id')::bigint FROM jsonb_array_elements(commits || settlements) r))
  ORDER BY e.execution_id FOR NO KEY UPDATE;
  PERFORM FROM jsonb_to_recordset(commits || settlements) AS r (execution_id bigint, step text, iteration_index integer)
  JOIN noetl.iteration i USING (execution_id, step, iteration_index)
  ORDER BY i.execution_id, i.step, i.iteration_index FOR NO KEY UPDATE OF i;
  IF jsonb_array_length(commits) > 0 THEN
    written := noetl.commit_pages(commits, page_rows, attempt_rows, event_rows, page_bodies, page_items);
  END IF;
  FOR settlement IN SELECT s.value FROM jsonb_array_elements(settlements) WITH ORDINALITY AS s ORDER BY s.ordinality LOOP
    is_settled := noetl.settle_iteration((settlement ->> 'execution_id')::bigint, settlement ->> 'step',
      (settlement ->> 'iteration_index')::integer, settlement ->> 'claim_token', settlement ->> 'status',
      settlement ->> 'stop_reason', settlement -> 'warnings', nullif(settlement -> 'error', 'null'), settlement -> 'events');
    results := results || jsonb_build_object('settled', is_settled, 'next',
      CASE WHEN is_settled AND settlement -> 'claim' <> 'null' THEN
        noetl.hand_over((settlement ->> 'execution_id')::bigint, settlement ->> 'step', settlement -> 'claim')
      END, 'others', is_settled AND (
        SELECT s.released = s.collection_size AND s.queued = 0 AND s.released > s.completed + s.failed + s.skipped
        FROM noetl.step s
        WHERE s.execution_id = (settlement ->> 'execution_id')::bigint AND s.step = settlement ->> 'step'));
  END LOOP;
  RETURN jsonb_build_object('written', written, 'settled', results);
END
$$;

DO $$
DECLARE
  hot regprocedure;
BEGIN
  FOR hot IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'noetl'::regnamespace
    AND p.proname IN ('hand_over', 'settle_iteration', 'commit_round', 'append_events')
  LOOP
    EXECUTE format('ALTER FUNCTION %s SET enable_seqscan = off SET plan_cache_mode = force_generic_plan', hot);
  END LOOP;
END
$$;
