import { pool } from '../db/pool'

export type WorkerRow = {
  worker_id: string
  hostname: string
  pid: number
  queue: string
  ready: boolean
  trouble: string | null
  started_at: Date
  /** Milliseconds since its last heartbeat. */
  age_ms: number
  /** Milliseconds since a ticket last came to it, or null. */
  heard_ms: number | null
}

const MOST = 100

/** Workers that were seen lately, the freshest first. */
export async function readWorkers(): Promise<WorkerRow[]> {
  const { rows } = await pool().query<WorkerRow>(
    `SELECT worker_id, hostname, pid, queue, ready, trouble, started_at,
       (extract(epoch FROM clock_timestamp() - seen_at) * 1000)::float8 AS age_ms,
       (extract(epoch FROM clock_timestamp() - heard_at) * 1000)::float8 AS heard_ms
     FROM noetl.worker ORDER BY seen_at DESC LIMIT ${MOST}`,
  )
  return rows
}
