-- Whether only the last page of each iteration is its result (collect: {strategy: replace}). Hazard: none, a default
-- needs no rewrite.
ALTER TABLE "noetl"."step" ADD COLUMN "last_page_only" BOOLEAN NOT NULL DEFAULT false;
