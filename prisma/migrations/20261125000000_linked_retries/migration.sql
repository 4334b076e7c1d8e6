-- An execution that retries another one as a run of its own. Hazard: none, two columns and an index over few rows.

-- AlterTable
ALTER TABLE "noetl"."execution" ADD COLUMN     "only_elements" JSONB,
ADD COLUMN     "retried_from" BIGINT;

-- CreateIndex
CREATE INDEX "execution_retried_from_idx" ON "noetl"."execution"("retried_from");
