-- Child executions, sinks of whole loops, and a sweep by index. Hazard: the index over noetl.iteration is built under a lock.

-- AlterTable
ALTER TABLE "noetl"."execution" ADD COLUMN     "depth" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "overrides" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "parent_iteration_index" INTEGER,
ADD COLUMN     "parent_step" TEXT;

-- AlterTable
ALTER TABLE "noetl"."step" ADD COLUMN     "released_at" TIMESTAMPTZ(3);

-- What the lease and the alarm clock change is in no index any more: those updates stay on their page of the table.
-- DropIndex
DROP INDEX "noetl"."iteration_status_lease_until_idx";

-- DropIndex
DROP INDEX "noetl"."iteration_status_next_attempt_at_idx";

-- CreateIndex
CREATE INDEX "execution_parent_execution_id_idx" ON "noetl"."execution"("parent_execution_id");

-- CreateIndex
CREATE INDEX "iteration_execution_id_step_status_iteration_index_idx" ON "noetl"."iteration"("execution_id", "step", "status", "iteration_index");

-- A step that waits for a child is woken by the child's end, whoever wrote it.
CREATE FUNCTION "noetl"."wake_parent"() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE noetl.iteration i SET next_attempt_at = clock_timestamp()
  WHERE i.execution_id = NEW.parent_execution_id AND i.step = NEW.parent_step
    AND i.iteration_index = NEW.parent_iteration_index AND i.status = 'WAITING';
  RETURN NULL;
END
$$;

CREATE TRIGGER "execution_wakes_parent" AFTER UPDATE OF "status" ON "noetl"."execution"
FOR EACH ROW
WHEN (NEW.parent_execution_id IS NOT NULL AND NEW.status IN ('COMPLETED', 'FAILED', 'CANCELLED')
  AND OLD.status IS DISTINCT FROM NEW.status)
EXECUTE FUNCTION "noetl"."wake_parent"();

REVOKE ALL ON FUNCTION "noetl"."wake_parent"() FROM PUBLIC;

-- As before, but an iteration with a negative index (the closing one of a loop, which runs the step's own sinks) is no
-- element, so it is counted nowhere.
CREATE OR REPLACE FUNCTION "noetl"."settle_iteration"(
  target bigint, target_step text, target_index integer, claim_token text,
  new_status text, new_stop_reason text, new_warnings jsonb, new_error jsonb, events jsonb
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF new_status NOT IN ('COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED') THEN
    RAISE EXCEPTION 'an iteration does not end as %', new_status USING ERRCODE = 'check_violation';
  END IF;
  PERFORM FROM noetl.execution e
  WHERE e.execution_id = target AND e.status IN ('RUNNING', 'PAUSED') FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE noetl.iteration i SET
    status = new_status, stop_reason = new_stop_reason, warnings = coalesce(new_warnings, '[]'), error = new_error,
    ended_at = clock_timestamp(), next_attempt_at = NULL, worker_id = NULL, lease_until = NULL, claim_hash = NULL
  WHERE i.execution_id = target AND i.step = target_step AND i.iteration_index = target_index
    AND i.status IN ('RUNNING', 'WAITING')
    AND i.claim_hash = encode(sha256(convert_to(claim_token, 'UTF8')), 'hex');
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  IF target_index >= 0 THEN
    UPDATE noetl.step s SET
      completed = s.completed + (new_status = 'COMPLETED')::integer,
      failed = s.failed + (new_status = 'FAILED')::integer,
      skipped = s.skipped + (new_status = 'SKIPPED')::integer
    WHERE s.execution_id = target AND s.step = target_step;
    UPDATE noetl.execution e SET failed = e.failed + (new_status = 'FAILED')::integer WHERE e.execution_id = target;
  END IF;
  PERFORM noetl.append_events(target, coalesce(events, '[]'));
  RETURN true;
END
$$;
