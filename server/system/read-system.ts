import type { PlaybookStorage } from '@/domain/api/retention'
import type { SystemAnswer } from '@/domain/api/system'
import { pool } from '../db/pool'
import { countTickets } from '../queue/count-tickets'
import { readReadiness } from './read-readiness'
import { readWorkers } from './read-workers'

const MOST_PLAYBOOKS = 200

type StorageRow = Omit<PlaybookStorage, 'removed' | 'last_removed_at'> & {
  removed_executions: number
  removed_pages: number
  removed_bytes: number
  last_removed_at: Date | null
}

/** Every part of the system with what is to say of it; what can't be read now is null. */
export async function readSystem(): Promise<SystemAnswer> {
  const [readiness, workers, queues, database, playbooks] = await Promise.all([
    readReadiness(),
    readWorkers().catch(() => null),
    countTickets(),
    readSize().catch(() => null),
    readStorage().catch(() => null),
  ])
  return {
    ...readiness,
    workers:
      workers?.map((worker) => ({
        worker_id: worker.worker_id,
        hostname: worker.hostname,
        pid: worker.pid,
        queue: worker.queue,
        ready: worker.ready,
        trouble: worker.trouble,
        started_at: worker.started_at.toISOString(),
        seen_ms: Math.round(worker.age_ms),
        heard_ms: worker.heard_ms === null ? null : Math.round(worker.heard_ms),
      })) ?? null,
    queues,
    database,
    playbooks,
  }
}

async function readSize(): Promise<SystemAnswer['database']> {
  const { rows } = await pool().query<{ version: string; bytes: number }>(
    `SELECT current_setting('server_version') AS version, pg_database_size(current_database())::float8 AS bytes`,
  )
  return rows[0] ?? null
}

/** The playbooks whose executions take most. */
async function readStorage(): Promise<PlaybookStorage[]> {
  const { rows } = await pool().query<StorageRow>(
    `SELECT coalesce(s.path, r.path) AS path, coalesce(s.executions, 0)::float8 AS executions,
       coalesce(s.pages, 0)::float8 AS pages, coalesce(s.bytes, 0)::float8 AS bytes, r.keep_days, r.keep_runs,
       coalesce(sum(d.executions), 0)::float8 AS removed_executions, coalesce(sum(d.pages), 0)::float8 AS removed_pages,
       coalesce(sum(d.bytes), 0)::float8 AS removed_bytes, max(d.last_at) AS last_removed_at
     FROM noetl.playbook_storage s
     FULL JOIN noetl.retention r ON r.path = s.path
     LEFT JOIN noetl.removal d ON d.path = coalesce(s.path, r.path)
     GROUP BY s.path, r.path, s.executions, s.pages, s.bytes, r.keep_days, r.keep_runs
     ORDER BY coalesce(s.bytes, 0) DESC, 1 LIMIT ${MOST_PLAYBOOKS}`,
  )
  return rows.map(({ removed_executions, removed_pages, removed_bytes, last_removed_at, ...row }) => ({
    ...row,
    removed: { executions: removed_executions, pages: removed_pages, bytes: removed_bytes },
    last_removed_at: last_removed_at?.toISOString() ?? null,
  }))
}
