-- Everything Pageturner keeps. Hazard: none, the database is empty.

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "noetl";

-- CreateTable
CREATE TABLE "noetl"."playbook" (
    "path" TEXT NOT NULL,
    "latest_version" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "playbook_pkey" PRIMARY KEY ("path")
);

-- CreateTable
CREATE TABLE "noetl"."playbook_content" (
    "hash" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "playbook_content_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "noetl"."playbook_version" (
    "path" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "content_hash" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "playbook_version_pkey" PRIMARY KEY ("path","version")
);

-- CreateTable
CREATE TABLE "noetl"."execution" (
    "execution_id" BIGSERIAL NOT NULL,
    "path" TEXT NOT NULL,
    "version" INTEGER,
    "content_hash" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "workload" JSONB NOT NULL,
    "trigger" JSONB NOT NULL,
    "parent_execution_id" BIGINT,
    "idempotency_key" TEXT,
    "last_seq" INTEGER NOT NULL DEFAULT 0,
    "elements" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "pages" INTEGER NOT NULL DEFAULT 0,
    "items" BIGINT NOT NULL DEFAULT 0,
    "retries" INTEGER NOT NULL DEFAULT 0,
    "state" JSONB NOT NULL DEFAULT '{}',
    "error" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "execution_pkey" PRIMARY KEY ("execution_id")
);

-- CreateTable
CREATE TABLE "noetl"."step" (
    "execution_id" BIGINT NOT NULL,
    "step" TEXT NOT NULL,
    "tool" TEXT,
    "status" TEXT NOT NULL,
    "total_count" INTEGER,
    "collection_size" INTEGER,
    "concurrency" INTEGER,
    "released" INTEGER NOT NULL DEFAULT 0,
    "completed" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "skipped" INTEGER NOT NULL DEFAULT 0,
    "pages" INTEGER NOT NULL DEFAULT 0,
    "items" BIGINT NOT NULL DEFAULT 0,
    "result" JSONB,
    "error" JSONB,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "step_pkey" PRIMARY KEY ("execution_id","step")
);

-- CreateTable
CREATE TABLE "noetl"."iteration" (
    "execution_id" BIGINT NOT NULL,
    "step" TEXT NOT NULL,
    "iteration_index" INTEGER NOT NULL,
    "element" JSONB,
    "label" TEXT,
    "status" TEXT NOT NULL DEFAULT 'PENDING',
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "claim_hash" TEXT,
    "worker_id" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "idle_starts" INTEGER NOT NULL DEFAULT 0,
    "checkpoint" JSONB,
    "pages" INTEGER NOT NULL DEFAULT 0,
    "items" INTEGER NOT NULL DEFAULT 0,
    "retries" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "stop_reason" TEXT,
    "warnings" JSONB NOT NULL DEFAULT '[]',
    "error" JSONB,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "iteration_pkey" PRIMARY KEY ("execution_id","step","iteration_index")
);

-- CreateTable
CREATE TABLE "noetl"."page" (
    "execution_id" BIGINT NOT NULL,
    "step" TEXT NOT NULL,
    "iteration_index" INTEGER NOT NULL,
    "page" INTEGER NOT NULL,
    "request" JSONB NOT NULL,
    "status" INTEGER NOT NULL,
    "response_headers" JSONB NOT NULL,
    "timing" JSONB NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "bytes" INTEGER NOT NULL,
    "item_count" INTEGER NOT NULL,
    "body" JSON,
    "items_path" TEXT[],
    "items" JSON,
    "next" JSONB NOT NULL,
    "fingerprints" TEXT[],
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "page_pkey" PRIMARY KEY ("execution_id","step","iteration_index","page")
);

-- CreateTable
CREATE TABLE "noetl"."attempt" (
    "execution_id" BIGINT NOT NULL,
    "step" TEXT NOT NULL,
    "iteration_index" INTEGER NOT NULL,
    "page" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "request" JSONB NOT NULL,
    "status" INTEGER,
    "response_headers" JSONB,
    "body_text" TEXT,
    "error" JSONB NOT NULL,
    "delay_ms" INTEGER,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("execution_id","step","iteration_index","page","attempt")
);

-- CreateTable
CREATE TABLE "noetl"."event" (
    "event_id" BIGSERIAL NOT NULL,
    "execution_id" BIGINT NOT NULL,
    "seq" INTEGER NOT NULL,
    "event_type" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "node_name" TEXT,
    "iteration_index" INTEGER,
    "page" INTEGER,
    "attempt" INTEGER,
    "context" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "event_pkey" PRIMARY KEY ("event_id")
);

-- CreateTable
CREATE TABLE "noetl"."secret" (
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "key_id" TEXT NOT NULL,
    "iv" BYTEA NOT NULL,
    "ciphertext" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "secret_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "noetl"."worker" (
    "worker_id" TEXT NOT NULL,
    "hostname" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "queue" TEXT NOT NULL,
    "ready" BOOLEAN NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "worker_pkey" PRIMARY KEY ("worker_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "execution_idempotency_key_key" ON "noetl"."execution"("idempotency_key");

-- CreateIndex
CREATE INDEX "execution_path_execution_id_idx" ON "noetl"."execution"("path", "execution_id");

-- CreateIndex
CREATE INDEX "execution_status_execution_id_idx" ON "noetl"."execution"("status", "execution_id");

-- CreateIndex
CREATE INDEX "iteration_worker_id_idx" ON "noetl"."iteration"("worker_id");

-- CreateIndex
CREATE INDEX "iteration_status_lease_until_idx" ON "noetl"."iteration"("status", "lease_until");

-- CreateIndex
CREATE INDEX "iteration_status_next_attempt_at_idx" ON "noetl"."iteration"("status", "next_attempt_at");

-- CreateIndex
CREATE UNIQUE INDEX "event_execution_id_seq_key" ON "noetl"."event"("execution_id", "seq");

-- AddForeignKey
ALTER TABLE "noetl"."playbook_version" ADD CONSTRAINT "playbook_version_path_fkey" FOREIGN KEY ("path") REFERENCES "noetl"."playbook"("path") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "noetl"."playbook_version" ADD CONSTRAINT "playbook_version_content_hash_fkey" FOREIGN KEY ("content_hash") REFERENCES "noetl"."playbook_content"("hash") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "noetl"."execution" ADD CONSTRAINT "execution_content_hash_fkey" FOREIGN KEY ("content_hash") REFERENCES "noetl"."playbook_content"("hash") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "noetl"."step" ADD CONSTRAINT "step_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "noetl"."execution"("execution_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "noetl"."iteration" ADD CONSTRAINT "iteration_execution_id_step_fkey" FOREIGN KEY ("execution_id", "step") REFERENCES "noetl"."step"("execution_id", "step") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "noetl"."page" ADD CONSTRAINT "page_execution_id_step_iteration_index_fkey" FOREIGN KEY ("execution_id", "step", "iteration_index") REFERENCES "noetl"."iteration"("execution_id", "step", "iteration_index") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "noetl"."attempt" ADD CONSTRAINT "attempt_execution_id_step_iteration_index_fkey" FOREIGN KEY ("execution_id", "step", "iteration_index") REFERENCES "noetl"."iteration"("execution_id", "step", "iteration_index") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "noetl"."event" ADD CONSTRAINT "event_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "noetl"."execution"("execution_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Bodies are stored as they came. LZ4 where the server was built with it; uncompressed is as fast and costs disk,
-- PostgreSQL's own compression would cost a fifth of the throughput.
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

-- Rows that are updated with every page: room on their own page of the table keeps those updates out of the indexes.
ALTER TABLE "noetl"."execution" SET (fillfactor = 50);
ALTER TABLE "noetl"."step" SET (fillfactor = 50);
ALTER TABLE "noetl"."iteration" SET (fillfactor = 60);

-- The log is append-only. Retention drops whole executions, through noetl.drop_execution alone.
CREATE FUNCTION "noetl"."refuse_event_change"() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('noetl.dropped_execution', true) = OLD.execution_id::text THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'noetl.event is append-only: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER "event_append_only" BEFORE UPDATE OR DELETE ON "noetl"."event"
FOR EACH ROW EXECUTE FUNCTION "noetl"."refuse_event_change"();

CREATE TRIGGER "event_no_truncate" BEFORE TRUNCATE ON "noetl"."event"
FOR EACH STATEMENT EXECUTE FUNCTION "noetl"."refuse_event_change"();

-- True when there was such an execution. One that runs is refused.
CREATE FUNCTION "noetl"."drop_execution"(dropped bigint) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  state text;
BEGIN
  SELECT e.status INTO state FROM noetl.execution e WHERE e.execution_id = dropped FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  IF state NOT IN ('COMPLETED', 'FAILED', 'CANCELLED') THEN
    RAISE EXCEPTION 'execution % is % and can not be dropped', dropped, state USING ERRCODE = 'restrict_violation';
  END IF;
  PERFORM set_config('noetl.dropped_execution', dropped::text, true);
  DELETE FROM noetl.event v WHERE v.execution_id = dropped;
  PERFORM set_config('noetl.dropped_execution', '', true);
  DELETE FROM noetl.execution e WHERE e.execution_id = dropped;
  RETURN true;
END
$$;

-- Appends [{event_type, status, node_name, iteration_index, page, attempt, context}] and gives back the last seq. The
-- row lock of the UPDATE makes commit order seq order: one integer is a safe cursor.
CREATE FUNCTION "noetl"."append_events"(target bigint, events jsonb) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  added integer := jsonb_array_length(events);
  base integer;
BEGIN
  UPDATE noetl.execution e SET last_seq = e.last_seq + added WHERE e.execution_id = target
  RETURNING e.last_seq - added INTO base;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no execution %', target USING ERRCODE = 'no_data_found';
  END IF;
  IF added = 0 THEN
    RETURN base;
  END IF;
  INSERT INTO noetl.event
    (execution_id, seq, event_type, status, node_name, iteration_index, page, attempt, context, created_at)
  SELECT
    target, base + n.ord, n.event ->> 'event_type', n.event ->> 'status', n.event ->> 'node_name',
    (n.event ->> 'iteration_index')::integer, (n.event ->> 'page')::integer, (n.event ->> 'attempt')::integer,
    n.event -> 'context', clock_timestamp()
  FROM jsonb_array_elements(events) WITH ORDINALITY AS n (event, ord)
  ORDER BY n.ord;
  PERFORM pg_notify('noetl_event', target::text);
  RETURN base + added;
END
$$;

-- Ends an iteration for whoever holds its claim token, which lets the role of playbooks commit a sink's rows and the
-- settlement together without any right on these tables. False, and nothing done, when the claim was lost.
CREATE FUNCTION "noetl"."settle_iteration"(
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
  UPDATE noetl.step s SET
    completed = s.completed + (new_status = 'COMPLETED')::integer,
    failed = s.failed + (new_status = 'FAILED')::integer,
    skipped = s.skipped + (new_status = 'SKIPPED')::integer
  WHERE s.execution_id = target AND s.step = target_step;
  UPDATE noetl.execution e SET failed = e.failed + (new_status = 'FAILED')::integer WHERE e.execution_id = target;
  PERFORM noetl.append_events(target, coalesce(events, '[]'));
  RETURN true;
END
$$;

REVOKE ALL ON FUNCTION "noetl"."refuse_event_change"() FROM PUBLIC;
REVOKE ALL ON FUNCTION "noetl"."drop_execution"(bigint) FROM PUBLIC;
REVOKE ALL ON FUNCTION "noetl"."append_events"(bigint, jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION "noetl"."settle_iteration"(bigint, text, integer, text, text, text, jsonb, jsonb, jsonb) FROM PUBLIC;
