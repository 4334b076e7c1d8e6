-- Elements that a retry opened again wait for their turn in the loop's window. Hazard: none, a column with a default.

-- AlterTable
ALTER TABLE "noetl"."step" ADD COLUMN     "queued" INTEGER NOT NULL DEFAULT 0;

-- As before; elements that were opened again come first, and those are the orchestrator's to hand out.
CREATE OR REPLACE FUNCTION "noetl"."hand_over"(target bigint, target_step text, claim jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  due integer;
  handed jsonb;
BEGIN
  SELECT s.released INTO due FROM noetl.step s
  JOIN noetl.execution e ON e.execution_id = s.execution_id AND e.status = 'RUNNING'
  WHERE s.execution_id = target AND s.step = target_step AND s.status = 'RUNNING' AND s.released < s.collection_size
    AND s.released - s.completed - s.failed - s.skipped < coalesce(s.concurrency, 1)
    AND s.queued = 0 AND (s.failed = 0 OR (claim ->> 'goes_on')::boolean)
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
