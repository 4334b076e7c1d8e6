import type { RetentionPolicy } from '@/domain/api/retention'
import type { Queryable } from '../db/pool'

export type OldExecution = { executionId: string; createdAt: Date; bytes: number; pages: number }

type Row = { execution_id: string; created_at: Date; bytes: number; pages: number; is_old: boolean; is_past: boolean }

const ENDED = `e.status IN ('COMPLETED', 'FAILED', 'CANCELLED')`

/** The newest that is one too many: as many entries of the index are read as are kept. */
const BEYOND = `
  SELECT e.execution_id FROM noetl.execution e
  WHERE e.path = $1 AND e.parent_execution_id IS NULL AND e.removed_at IS NULL AND ${ENDED}
  ORDER BY e.execution_id DESC OFFSET $2::integer LIMIT 1`

/** Executions that no other one ran: those are removed with the one they belong to. */
const WINDOW = `
  SELECT e.execution_id, e.created_at, coalesce(e.stored_bytes, 0)::float8 AS bytes, e.pages,
    ${ENDED} AND e.removed_at IS NULL AND (
      e.execution_id <= $3::bigint OR e.ended_at < clock_timestamp() - $4::integer * interval '1 day'
    ) IS TRUE AS is_old,
    e.execution_id > coalesce($3::bigint, 0)
      AND ($4::integer IS NULL OR e.created_at >= clock_timestamp() - $4::integer * interval '1 day') AS is_past
  FROM noetl.execution e
  WHERE e.path = $1 AND e.parent_execution_id IS NULL AND e.execution_id > $2
  ORDER BY e.execution_id LIMIT $5`

/** What retention asks the database, for a look at its plans. */
export const RETENTION_STATEMENTS = { beyond: BEYOND, window: WINDOW }

/**
 * The executions of a playbook that a policy does not keep, oldest first, `window` read at a time. Ids grow with time and
 * none ends before it was made, so the walk along the index stops at the first that is young enough.
 */
export async function* oldExecutions(
  db: Queryable,
  path: string,
  { policy, window }: { policy: RetentionPolicy; window: number },
): AsyncGenerator<OldExecution> {
  const { keep_days: days, keep_runs: runs } = policy
  if (days === null && runs === null) return
  const beyond = runs === null ? null : await beyondOf(db, path, runs)
  for (let after = '0'; ;) {
    const { rows } = await db.query<Row>(WINDOW, [path, after, beyond, days, window])
    for (const row of rows) {
      if (row.is_past) return
      if (row.is_old)
        yield { executionId: row.execution_id, createdAt: row.created_at, bytes: row.bytes, pages: row.pages }
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < window) return
    after = last.execution_id
  }
}

async function beyondOf(db: Queryable, path: string, runs: number): Promise<string | null> {
  const { rows } = await db.query<{ execution_id: string }>(BEYOND, [path, runs])
  return rows[0]?.execution_id ?? null
}
