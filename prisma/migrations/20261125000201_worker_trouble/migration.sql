-- What is wrong with a worker, in words, and when a ticket last came through its queue. Hazard: none, columns that may be null.

-- AlterTable
ALTER TABLE "noetl"."worker" ADD COLUMN     "heard_at" TIMESTAMPTZ(3),
ADD COLUMN     "trouble" TEXT;
