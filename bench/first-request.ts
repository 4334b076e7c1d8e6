import { setTimeout as sleep } from 'node:timers/promises'
import { pool } from '@/server/db/pool'
import { startExecution } from '@/server/executions/start-execution'

const RUNS = 60
/** The first runs of a process are compiled while they run. */
const WARM_UP = 15
const GIVE_UP_MS = 10_000

/** Milliseconds from asking for a run to the moment its first request goes out, of one run after the other, sorted. */
export async function timeFirstRequests(content: string): Promise<number[]> {
  const times: number[] = []
  for (let run = 0; run < WARM_UP + RUNS; run += 1) times.push(await timeOne(content))
  return times.slice(WARM_UP).toSorted((a, b) => a - b)
}

async function timeOne(content: string): Promise<number> {
  const asked = Date.now()
  const { executionId } = await startExecution({ content, trigger: { type: 'cli' } })
  for (;;) {
    const { rows } = await pool().query<{ started_at: Date; status: string }>(
      `SELECT p.started_at, e.status FROM noetl.page p JOIN noetl.execution e USING (execution_id)
       WHERE execution_id = $1 AND e.status = 'COMPLETED' ORDER BY p.started_at LIMIT 1`,
      [executionId],
    )
    if (rows[0] !== undefined) return rows[0].started_at.getTime() - asked
    if (Date.now() - asked > GIVE_UP_MS) throw new Error(`Execution ${executionId} did not end.`)
    await sleep(5)
  }
}
