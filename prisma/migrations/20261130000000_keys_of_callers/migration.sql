-- Keys that callers sent before they had a name space of their own: one could be the key of a schedule's due time.
-- Hazard: writes the rows of executions that were started with such a key, once.

-- A removed execution needs none, and where the caller has used the key since, the newer one has it.
UPDATE "noetl"."execution" e SET "idempotency_key" = NULL
WHERE coalesce(e."trigger" ->> 'type', '') NOT IN ('schedule', 'webhook') AND e."idempotency_key" NOT LIKE 'caller:%'
  AND (e."removed_at" IS NOT NULL
    OR EXISTS (SELECT FROM "noetl"."execution" o WHERE o."idempotency_key" = 'caller:' || e."idempotency_key"));

UPDATE "noetl"."execution" SET "idempotency_key" = 'caller:' || "idempotency_key"
WHERE coalesce("trigger" ->> 'type', '') NOT IN ('schedule', 'webhook') AND "idempotency_key" NOT LIKE 'caller:%';
