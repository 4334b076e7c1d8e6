import { pool } from '@/server/db/pool'

/** A page that was saved so soon after a kill was on its way before it. */
const ON_ITS_WAY_MS = 300

type Held = { executionId: string; step: string; index: number }
type Kill = { at: Date; held: Held[] }

export type Kills = {
  /** To be called right before the process is killed: notes what it was working on, and gives back how much that is. */
  before(pid: number): Promise<number>
  count(): number
  /**
   * Milliseconds from each kill to the next saved page of an element that the killed worker held, and of the last of
   * them; `waiting`: elements without a page since. */
  recoveries(): Promise<{ firstMs: number[]; lastMs: number[]; waiting: number }>
}

export function watchKills(): Kills {
  const kills: Kill[] = []
  return {
    async before(pid) {
      const held = await heldBy(pid)
      kills.push({ at: new Date(), held })
      return held.length
    },
    count: () => kills.length,
    async recoveries() {
      const firstMs: number[] = []
      const lastMs: number[] = []
      let waiting = 0
      for (const kill of kills) {
        const times = (await Promise.all(kill.held.map(async (held) => nextPageMs(kill.at, held)))).filter(
          (ms) => ms !== null,
        )
        waiting += kill.held.length - times.length
        if (times.length === 0) continue
        firstMs.push(Math.min(...times))
        lastMs.push(Math.max(...times))
      }
      return { firstMs: firstMs.toSorted((a, b) => a - b), lastMs: lastMs.toSorted((a, b) => a - b), waiting }
    },
  }
}

async function heldBy(pid: number): Promise<Held[]> {
  const { rows } = await pool().query<Held>(
    `SELECT i.execution_id AS "executionId", i.step, i.iteration_index AS index
     FROM noetl.worker w JOIN noetl.iteration i ON i.worker_id = w.worker_id AND i.status = 'RUNNING'
     WHERE w.pid = $1`,
    [pid],
  )
  return rows
}

/** Null for an element of which no further page was to come. */
async function nextPageMs(at: Date, { executionId, step, index }: Held): Promise<number | null> {
  const { rows } = await pool().query<{ next: Date | null }>(
    `SELECT min(created_at) AS next FROM noetl.page
     WHERE execution_id = $1 AND step = $2 AND iteration_index = $3 AND created_at > $4`,
    [executionId, step, index, new Date(at.getTime() + ON_ITS_WAY_MS)],
  )
  const next = rows[0]?.next ?? null
  return next === null ? null : next.getTime() - at.getTime()
}

export function p50p99(ms: readonly number[]): string {
  if (ms.length === 0) return 'none'
  const sorted = ms.toSorted((a, b) => a - b)
  const seconds = (part: number): string => `${(quantile(sorted, part) / 1_000).toFixed(1)} s`
  return `p50 ${seconds(0.5)}, p99 ${seconds(0.99)}`
}

/** The value that a part of sorted values stays below; 0 of nothing. */
const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0
