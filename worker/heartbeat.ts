import { hostname } from 'node:os'
import { pool } from '@/server/db/pool'
import { env } from '@/server/env'
import { log } from '@/server/log'

const BEAT_MS = 2_000

export type Heartbeat = { stop(): Promise<void> }

/** Keeps this worker's row in `noetl.worker` fresh. `isReady` is asked each time: a worker whose queue is deaf is not ready. */
export async function startHeartbeat(
  workerId: string,
  { isReady, notice }: { isReady: () => boolean; notice: (error: unknown) => void },
): Promise<Heartbeat> {
  await beat(workerId, isReady())
  const timer = setInterval(() => {
    beat(workerId, isReady()).catch((error: unknown) => {
      notice(error)
      log().warn({ err: error }, 'no heartbeat was written')
    })
  }, BEAT_MS)
  return {
    async stop() {
      clearInterval(timer)
      await pool().query('DELETE FROM noetl.worker WHERE worker_id = $1', [workerId])
    },
  }
}

/** Rows of workers that were killed are removed by whoever is alive. */
async function beat(workerId: string, ready: boolean): Promise<void> {
  await pool().query({
    name: 'heartbeat',
    text: `WITH gone AS (DELETE FROM noetl.worker WHERE worker_id <> $1 AND seen_at < clock_timestamp() - interval '1 hour')
           INSERT INTO noetl.worker (worker_id, hostname, pid, queue, ready) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (worker_id) DO UPDATE SET ready = EXCLUDED.ready, seen_at = clock_timestamp()`,
    values: [workerId, hostname(), process.pid, env.REDIS_URL === undefined ? 'postgresql' : 'redis', ready],
  })
}
