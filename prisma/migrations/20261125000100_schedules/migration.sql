-- Runs that start by themselves or by a call from outside, and notices of how runs ended. Hazard: none, new tables; the
-- trigger on execution fires only when a status changes to an end.

-- CreateTable
CREATE TABLE "noetl"."schedule" (
    "schedule_id" BIGSERIAL NOT NULL,
    "path" TEXT NOT NULL,
    "version" INTEGER,
    "cron" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "missed" TEXT NOT NULL DEFAULT 'skip',
    "overlap" TEXT NOT NULL DEFAULT 'skip',
    "workload" JSONB NOT NULL DEFAULT '{}',
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "next_run_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "schedule_pkey" PRIMARY KEY ("schedule_id")
);

-- CreateTable
CREATE TABLE "noetl"."schedule_run" (
    "schedule_id" BIGINT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "status" TEXT NOT NULL,
    "reason" TEXT,
    "covers" INTEGER NOT NULL DEFAULT 1,
    "detail" TEXT,
    "execution_id" BIGINT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "schedule_run_pkey" PRIMARY KEY ("schedule_id","due_at")
);

-- CreateTable
CREATE TABLE "noetl"."webhook" (
    "webhook_id" BIGSERIAL NOT NULL,
    "path" TEXT NOT NULL,
    "version" INTEGER,
    "name" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "inputs" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "rotated_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "calls" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "webhook_pkey" PRIMARY KEY ("webhook_id")
);

-- CreateTable
CREATE TABLE "noetl"."notice" (
    "notice_id" BIGSERIAL NOT NULL,
    "path" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "events" TEXT[],
    "key_id" TEXT,
    "key_version" INTEGER NOT NULL DEFAULT 0,
    "iv" BYTEA,
    "ciphertext" BYTEA,
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "notice_pkey" PRIMARY KEY ("notice_id")
);

-- CreateTable
CREATE TABLE "noetl"."notice_delivery" (
    "delivery_id" BIGSERIAL NOT NULL,
    "notice_id" BIGINT NOT NULL,
    "execution_id" BIGINT NOT NULL,
    "event" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'WAITING',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "first_due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_status" INTEGER,
    "last_error" TEXT,
    "last_attempt_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "notice_delivery_pkey" PRIMARY KEY ("delivery_id")
);

-- CreateIndex
CREATE INDEX "schedule_path_idx" ON "noetl"."schedule"("path");

-- CreateIndex
CREATE INDEX "schedule_next_run_at_idx" ON "noetl"."schedule"("next_run_at");

-- CreateIndex
CREATE INDEX "schedule_run_execution_id_idx" ON "noetl"."schedule_run"("execution_id");

-- CreateIndex
CREATE INDEX "schedule_run_status_schedule_id_idx" ON "noetl"."schedule_run"("status", "schedule_id");

-- CreateIndex
CREATE INDEX "webhook_path_idx" ON "noetl"."webhook"("path");

-- CreateIndex
CREATE INDEX "notice_path_idx" ON "noetl"."notice"("path");

-- CreateIndex
CREATE INDEX "notice_delivery_execution_id_idx" ON "noetl"."notice_delivery"("execution_id");

-- CreateIndex
CREATE INDEX "notice_delivery_notice_id_delivery_id_idx" ON "noetl"."notice_delivery"("notice_id", "delivery_id");

-- CreateIndex
CREATE INDEX "notice_delivery_status_notice_id_next_attempt_at_idx" ON "noetl"."notice_delivery"("status", "notice_id", "next_attempt_at");

-- AddForeignKey
ALTER TABLE "noetl"."schedule" ADD CONSTRAINT "schedule_path_fkey" FOREIGN KEY ("path") REFERENCES "noetl"."playbook"("path") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "noetl"."schedule_run" ADD CONSTRAINT "schedule_run_schedule_id_fkey" FOREIGN KEY ("schedule_id") REFERENCES "noetl"."schedule"("schedule_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "noetl"."schedule_run" ADD CONSTRAINT "schedule_run_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "noetl"."execution"("execution_id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "noetl"."webhook" ADD CONSTRAINT "webhook_path_fkey" FOREIGN KEY ("path") REFERENCES "noetl"."playbook"("path") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "noetl"."notice" ADD CONSTRAINT "notice_path_fkey" FOREIGN KEY ("path") REFERENCES "noetl"."playbook"("path") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "noetl"."notice_delivery" ADD CONSTRAINT "notice_delivery_notice_id_fkey" FOREIGN KEY ("notice_id") REFERENCES "noetl"."notice"("notice_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "noetl"."notice_delivery" ADD CONSTRAINT "notice_delivery_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "noetl"."execution"("execution_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Whoever ends an execution, its notices are written in the same transaction. What a step ran (tool: playbook) is told of
-- by its parent alone.
CREATE FUNCTION "noetl"."note_execution_end"() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  ending text := lower(NEW.status);
  iso text := 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"';
BEGIN
  INSERT INTO noetl.notice_delivery (notice_id, execution_id, event, payload, first_due_at, next_attempt_at, created_at)
  SELECT n.notice_id, NEW.execution_id, ending, jsonb_build_object(
    'event', 'execution.' || ending, 'execution_id', NEW.execution_id::text, 'path', NEW.path, 'version', NEW.version,
    'status', NEW.status, 'trigger', NEW.trigger, 'stats', jsonb_build_object(
      'elements', NEW.elements, 'failed', NEW.failed, 'pages', NEW.pages, 'items', NEW.items, 'retries', NEW.retries),
    'error', NEW.error,
    'created_at', to_char(NEW.created_at AT TIME ZONE 'UTC', iso),
    'started_at', to_char(NEW.started_at AT TIME ZONE 'UTC', iso),
    'ended_at', to_char(NEW.ended_at AT TIME ZONE 'UTC', iso),
    'duration_ms', round(extract(epoch FROM NEW.ended_at - NEW.started_at) * 1000)),
    clock_timestamp(), clock_timestamp(), clock_timestamp()
  FROM noetl.notice n
  WHERE n.path = NEW.path AND NOT n.paused AND ending = ANY (n.events);
  RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION "noetl"."note_execution_end"() FROM PUBLIC;

CREATE TRIGGER "execution_ended" AFTER UPDATE OF "status" ON "noetl"."execution"
FOR EACH ROW WHEN (
  NEW.status IN ('COMPLETED', 'FAILED', 'CANCELLED') AND OLD.status IS DISTINCT FROM NEW.status
  AND NEW.parent_execution_id IS NULL
) EXECUTE FUNCTION "noetl"."note_execution_end"();
