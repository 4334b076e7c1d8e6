import { hostname } from 'node:os'
import { pool } from '@/server/db/pool'
import { env } from '@/server/env'
import { log } from '@/server/log'
import { MOST_SKEW_MS } from '@/server/queue/check-clock'

const BEAT_MS = 2_000

export type Heartbeat = { stop(): Promise<void> }

type Pulse = {
  /** What is wrong with this worker, in words, or null. Asked each time. */
  trouble: () => string | null
  /** Milliseconds since a ticket last came through the queue, or null. */
  ticketAgeMs: () => number | null
  /** Told why a beat could not be written. */
  notice: (error: unknown) => void
}

/** Keeps this worker's row in `noetl.worker` fresh: that it lives, what is wrong with it, and when it last heard its queue. */
export async function startHeartbeat(workerId: string, pulse: Pulse): Promise<Heartbeat> {
  let skew: string | null = null
  const beat = async (): Promise<void> => {
    const { sentAt, now, receivedAt } = await write(workerId, {
      trouble: pulse.trouble() ?? skew,
      ticketAgeMs: pulse.ticketAgeMs(),
    })
    skew = skewOf(now - (sentAt + receivedAt) / 2, receivedAt - sentAt)
  }
  await beat()
  const timer = setInterval(() => {
    beat().catch((error: unknown) => {
      pulse.notice(error)
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

/** Half of the way there and back is what the measurement may be wrong by. */
function skewOf(skewMs: number, wayMs: number): string | null {
  if (Math.abs(skewMs) <= MOST_SKEW_MS + wayMs / 2) return null
  const direction = skewMs > 0 ? 'behind' : 'ahead of'
  return `the clock of its machine is ${Math.round(Math.abs(skewMs) / 1_000)} s ${direction} the database's; synchronise both (NTP)`
}

type Told = { trouble: string | null; ticketAgeMs: number | null }

/** Rows of workers that were killed are removed by whoever is alive. */
async function write(
  workerId: string,
  { trouble, ticketAgeMs }: Told,
): Promise<{ sentAt: number; now: number; receivedAt: number }> {
  const sentAt = Date.now()
  const { rows } = await pool().query<{ now: Date }>({
    name: 'heartbeat',
    text: `WITH gone AS (DELETE FROM noetl.worker WHERE worker_id <> $1 AND seen_at < clock_timestamp() - interval '1 hour')
           INSERT INTO noetl.worker (worker_id, hostname, pid, queue, ready, trouble, heard_at)
           VALUES ($1, $2, $3, $4, $5::text IS NULL, $5, clock_timestamp() - $6::float8 * interval '1 millisecond')
           ON CONFLICT (worker_id) DO UPDATE SET ready = EXCLUDED.ready, trouble = EXCLUDED.trouble,
             heard_at = EXCLUDED.heard_at, seen_at = clock_timestamp()
           RETURNING clock_timestamp() AS now`,
    values: [
      workerId,
      hostname(),
      process.pid,
      env.REDIS_URL === undefined ? 'postgresql' : 'redis',
      trouble,
      ticketAgeMs,
    ],
  })
  const receivedAt = Date.now()
  return { sentAt, now: rows[0]?.now.getTime() ?? receivedAt, receivedAt }
}
