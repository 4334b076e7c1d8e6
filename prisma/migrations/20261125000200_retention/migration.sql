-- Executions are removed by age or number, a part at a time. Hazard: three indexes over noetl.execution are built under a lock.

-- AlterTable
ALTER TABLE "noetl"."execution" ADD COLUMN     "removed_at" TIMESTAMPTZ(3),
ADD COLUMN     "stored_bytes" BIGINT;

-- CreateIndex
CREATE INDEX "execution_path_parent_execution_id_execution_id_idx" ON "noetl"."execution"("path", "parent_execution_id", "execution_id");

-- CreateIndex
CREATE INDEX "execution_stored_bytes_idx" ON "noetl"."execution"("stored_bytes");

-- CreateIndex
CREATE INDEX "execution_removed_at_idx" ON "noetl"."execution"("removed_at");

-- CreateTable
CREATE TABLE "noetl"."retention" (
    "path" TEXT NOT NULL,
    "keep_days" INTEGER,
    "keep_runs" INTEGER,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "retention_pkey" PRIMARY KEY ("path")
);

-- CreateTable
CREATE TABLE "noetl"."playbook_storage" (
    "path" TEXT NOT NULL,
    "executions" BIGINT NOT NULL DEFAULT 0,
    "pages" BIGINT NOT NULL DEFAULT 0,
    "bytes" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "playbook_storage_pkey" PRIMARY KEY ("path")
);

-- CreateTable
CREATE TABLE "noetl"."removal" (
    "path" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "executions" BIGINT NOT NULL DEFAULT 0,
    "pages" BIGINT NOT NULL DEFAULT 0,
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "last_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "removal_pkey" PRIMARY KEY ("path","day")
);

-- AddForeignKey
ALTER TABLE "noetl"."retention" ADD CONSTRAINT "retention_path_fkey" FOREIGN KEY ("path") REFERENCES "noetl"."playbook"("path") ON DELETE CASCADE ON UPDATE CASCADE;

-- About how much an execution takes on disk: counted where it is small, else from a sample of each table, so that the
-- largest costs no more to measure than one of a few thousand pages.
CREATE FUNCTION "noetl"."measure_execution"(target bigint, sample integer) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  e noetl.execution;
  size numeric;
BEGIN
  SELECT x.* INTO e FROM noetl.execution x WHERE x.execution_id = target FOR NO KEY UPDATE;
  IF NOT FOUND OR e.stored_bytes IS NOT NULL OR e.status NOT IN ('COMPLETED', 'FAILED', 'CANCELLED') THEN
    RETURN e.stored_bytes;
  END IF;
  size := 1000
    + (SELECT coalesce(avg(s.bytes), 0) * greatest(e.pages, count(*)) FROM (
        SELECT 200 + coalesce(pg_column_size(p.body), 0) + coalesce(pg_column_size(p.items), 0) + pg_column_size(p.request)
          + pg_column_size(p.response_headers) + pg_column_size(p.next) + coalesce(pg_column_size(p.fingerprints), 0) AS bytes
        FROM noetl.page p WHERE p.execution_id = target LIMIT sample) s)
    + (SELECT coalesce(avg(s.bytes), 0) * e.last_seq FROM (
        SELECT 150 + pg_column_size(v.context) AS bytes
        FROM noetl.event v WHERE v.execution_id = target LIMIT sample) s)
    + (SELECT coalesce(avg(s.bytes), 0) * greatest(e.elements, count(*)) FROM (
        SELECT 200 + coalesce(pg_column_size(i.element), 0) + coalesce(pg_column_size(i.checkpoint), 0) AS bytes
        FROM noetl.iteration i WHERE i.execution_id = target LIMIT sample) s)
    + (SELECT coalesce(avg(s.bytes), 0) * greatest(e.retries, count(*)) FROM (
        SELECT 150 + pg_column_size(a.request) + coalesce(pg_column_size(a.body_text), 0) + pg_column_size(a.error) AS bytes
        FROM noetl.attempt a WHERE a.execution_id = target LIMIT sample) s);
  UPDATE noetl.execution x SET stored_bytes = size::bigint WHERE x.execution_id = target;
  INSERT INTO noetl.playbook_storage AS s (path, executions, pages, bytes) VALUES (e.path, 1, e.pages, size::bigint)
  ON CONFLICT (path) DO UPDATE SET
    executions = s.executions + 1, pages = s.pages + excluded.pages, bytes = s.bytes + excluded.bytes;
  RETURN size::bigint;
END
$$;

-- What a retry opens again grows, so it is measured anew at its end; what is being removed stays ended.
CREATE FUNCTION "noetl"."reopen_execution"() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.removed_at IS NOT NULL THEN
    RAISE EXCEPTION 'execution % is being removed', OLD.execution_id USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.stored_bytes IS NOT NULL THEN
    UPDATE noetl.playbook_storage s SET
      executions = s.executions - 1, pages = s.pages - OLD.pages, bytes = s.bytes - OLD.stored_bytes
    WHERE s.path = OLD.path;
    NEW.stored_bytes := NULL;
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER "execution_reopened" BEFORE UPDATE OF "status" ON "noetl"."execution"
FOR EACH ROW
WHEN (OLD.status IN ('COMPLETED', 'FAILED', 'CANCELLED') AND NEW.status NOT IN ('COMPLETED', 'FAILED', 'CANCELLED'))
EXECUTE FUNCTION "noetl"."reopen_execution"();

DROP FUNCTION "noetl"."drop_execution"(bigint);

-- Takes one part, at most `most` rows, out of an execution that has ended, what it started first and its own row last.
-- True when nothing of it is left. The first part hides it, so what is half removed is never seen; it is refused while
-- anything of it runs, and where it belongs to another execution.
CREATE FUNCTION "noetl"."remove_execution"(target bigint, most integer) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  e noetl.execution;
  child bigint;
  gone integer;
BEGIN
  SELECT x.* INTO e FROM noetl.execution x WHERE x.execution_id = target FOR UPDATE;
  IF NOT FOUND THEN
    RETURN true;
  END IF;
  IF e.removed_at IS NULL THEN
    IF EXISTS (SELECT FROM noetl.execution p WHERE p.execution_id = e.parent_execution_id AND p.removed_at IS NULL) THEN
      RAISE EXCEPTION 'execution % belongs to % and is removed with it', target, e.parent_execution_id
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (
      WITH RECURSIVE tree AS (
        SELECT x.execution_id, x.status FROM noetl.execution x WHERE x.execution_id = target
        UNION ALL
        SELECT x.execution_id, x.status FROM tree t JOIN noetl.execution x ON x.parent_execution_id = t.execution_id
      )
      SELECT FROM tree t WHERE t.status NOT IN ('COMPLETED', 'FAILED', 'CANCELLED')
      UNION ALL
      SELECT FROM noetl.execution r WHERE r.retried_from = target AND r.status NOT IN ('COMPLETED', 'FAILED', 'CANCELLED')
    ) THEN
      RAISE EXCEPTION 'execution % can not be removed while it runs, or one that retries it', target
        USING ERRCODE = 'restrict_violation';
    END IF;
    UPDATE noetl.execution x SET removed_at = clock_timestamp() WHERE x.execution_id = target;
  END IF;

  SELECT x.execution_id INTO child FROM noetl.execution x WHERE x.parent_execution_id = target LIMIT 1;
  IF FOUND THEN
    PERFORM noetl.remove_execution(child, most);
    RETURN false;
  END IF;
  DELETE FROM noetl.page d WHERE d.ctid = ANY (ARRAY(
    SELECT p.ctid FROM noetl.page p WHERE p.execution_id = target LIMIT most));
  GET DIAGNOSTICS gone = ROW_COUNT;
  IF gone = most THEN
    RETURN false;
  END IF;
  DELETE FROM noetl.attempt d WHERE d.ctid = ANY (ARRAY(
    SELECT a.ctid FROM noetl.attempt a WHERE a.execution_id = target LIMIT most));
  GET DIAGNOSTICS gone = ROW_COUNT;
  IF gone = most THEN
    RETURN false;
  END IF;
  PERFORM set_config('noetl.dropped_execution', target::text, true);
  DELETE FROM noetl.event d WHERE d.ctid = ANY (ARRAY(
    SELECT v.ctid FROM noetl.event v WHERE v.execution_id = target LIMIT most));
  GET DIAGNOSTICS gone = ROW_COUNT;
  PERFORM set_config('noetl.dropped_execution', '', true);
  IF gone = most THEN
    RETURN false;
  END IF;
  DELETE FROM noetl.iteration d WHERE d.ctid = ANY (ARRAY(
    SELECT i.ctid FROM noetl.iteration i WHERE i.execution_id = target LIMIT most));
  GET DIAGNOSTICS gone = ROW_COUNT;
  IF gone = most THEN
    RETURN false;
  END IF;

  DELETE FROM noetl.execution x WHERE x.execution_id = target;
  IF e.stored_bytes IS NOT NULL THEN
    UPDATE noetl.playbook_storage s SET
      executions = s.executions - 1, pages = s.pages - e.pages, bytes = s.bytes - e.stored_bytes
    WHERE s.path = e.path;
  END IF;
  INSERT INTO noetl.removal AS r (path, day, executions, pages, bytes)
  VALUES (e.path, (clock_timestamp() AT TIME ZONE 'UTC')::date, 1, e.pages, coalesce(e.stored_bytes, 0))
  ON CONFLICT (path, day) DO UPDATE SET executions = r.executions + 1, pages = r.pages + excluded.pages,
    bytes = r.bytes + excluded.bytes, last_at = clock_timestamp();
  RETURN true;
END
$$;

REVOKE ALL ON FUNCTION "noetl"."measure_execution"(bigint, integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION "noetl"."reopen_execution"() FROM PUBLIC;
REVOKE ALL ON FUNCTION "noetl"."remove_execution"(bigint, integer) FROM PUBLIC;
