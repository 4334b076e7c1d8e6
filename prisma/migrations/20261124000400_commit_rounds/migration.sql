-- The end of an element joins the round of pages, and the next of its loop is handed to the worker that ended it.
-- Hazard: none, functions only.

-- Gives the next element of a loop's window to the worker that has just ended one of it (the rule is that of
-- domain/execution/loop-window.ts): {index, element, label}, or null where the window is full, shut or done. `claim` is
-- {worker_id, claim_hash, lease_ms, goes_on}; a first claim has epoch 1. The caller holds the execution's lock.
CREATE FUNCTION "noetl"."hand_over"(target bigint, target_step text, claim jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  due integer;
  handed jsonb;
BEGIN
  SELECT s.released INTO due FROM noetl.step s
  JOIN noetl.execution e ON e.execution_id = s.execution_id AND e.status = 'RUNNING'
  WHERE s.execution_id = target AND s.step = target_step AND s.status = 'RUNNING' AND s.released < s.collection_size
    AND s.released - s.completed - s.failed - s.skipped < coalesce(s.concurrency, 1)
    AND (s.failed = 0 OR (claim ->> 'goes_on')::boolean)
  FOR NO KEY UPDATE OF s;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  UPDATE noetl.iteration i SET
    epoch = 1, status = 'RUNNING', claim_hash = claim ->> 'claim_hash', worker_id = claim ->> 'worker_id',
    lease_until = clock_timestamp() + (claim ->> 'lease_ms')::integer * interval '1 millisecond',
    idle_starts = 1, started_at = clock_timestamp()
  WHERE i.execution_id = target AND i.step = target_step AND i.iteration_index = due
    AND i.status = 'PENDING' AND i.epoch = 0
  RETURNING jsonb_build_object('index', i.iteration_index, 'element', i.element, 'label', i.label) INTO handed;
  IF handed IS NOT NULL THEN
    UPDATE noetl.step s SET released = due + 1, released_at = clock_timestamp()
    WHERE s.execution_id = target AND s.step = target_step;
  END IF;
  RETURN handed;
END
$$;

-- As commit_pages, and then ends iterations: `settlements` are arguments of settle_iteration by name, and `claim` for the
-- element to be handed over, or null. Gives {written: [boolean], settled: [{settled, next}]}.
CREATE FUNCTION "noetl"."commit_round"(
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
      END);
  END LOOP;
  RETURN jsonb_build_object('written', written, 'settled', results);
END
$$;

REVOKE ALL ON FUNCTION "noetl"."hand_over"(bigint, text, jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION "noetl"."commit_round"(jsonb, jsonb, jsonb, jsonb, jsonb, text[], text[]) FROM PUBLIC;
