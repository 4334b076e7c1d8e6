import { setTimeout as sleep } from 'node:timers/promises'
import { pool } from '@/server/db/pool'
import { cancelExecution } from '@/server/executions/cancel-execution'
import { startExecution } from '@/server/executions/start-execution'
import { CHAOS_PLAYBOOK, workloadOf } from './chaos-playbook'
import { closeOnInterrupt } from './close-on-interrupt'
import { startFleet } from './fleet'
import { openPlace, type Queue } from './place'
import { quantile, watchKills } from './recovery'
import { seededRandom } from './seeded-random'

/** P3: another worker goes on within this time. */
const PROMISED_MS = 15_000
const WORKERS = 2
const GIVE_UP_MS = 60_000

/**
 * Kills a worker that has work in hand, waits until others have saved a page of everything it held, and does it again.
 * Gives back what was promised and not kept.
 */
export async function runKills(options: { queue: Queue; kills: number; seed: number }): Promise<string[]> {
  const random = seededRandom(options.seed)
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  const place = await openPlace({ queue: options.queue, random, databaseUrl: null })
  const fleet = startFleet({ size: WORKERS, variables: place.variables, say })
  const close = async (): Promise<void> => {
    await fleet.stop()
    await place.close()
  }
  const uninterrupted = closeOnInterrupt(close)
  try {
    const size = { elements: 12, pages: 100_000, delayMs: 100 }
    const { executionId } = await startExecution({
      content: CHAOS_PLAYBOOK.replace('concurrency: 3', 'concurrency: 12'),
      workload: workloadOf(size),
      trigger: { type: 'chaos' },
    })
    const allMs: number[] = []
    const firstMs: number[] = []
    for (let kill = 1; kill <= options.kills; kill += 1) {
      const busy = await busyPids(random.between(1_000, 3_000))
      const kills = watchKills()
      const member = random.pick(fleet.awake().filter(({ running }) => busy.includes(running.pid)))
      await kills.before(member.running.pid)
      await fleet.kill(member, 1_000)
      const { first, last } = await untilRecovered(kills)
      firstMs.push(first)
      allMs.push(last)
      say(
        `kill ${kill}: next page after ${(first / 1_000).toFixed(1)} s, all elements after ${(last / 1_000).toFixed(1)} s`,
      )
    }
    await cancelExecution(executionId)
    const times = (list: readonly number[]): string => {
      const sorted = list.toSorted((a, b) => a - b)
      return `p50 ${(quantile(sorted, 0.5) / 1_000).toFixed(1)} s, p99 ${(quantile(sorted, 0.99) / 1_000).toFixed(1)} s`
    }
    say(`\nrecovery after kill -9, ${options.kills} kills, the queue in ${options.queue}`)
    say(`  next saved page of what the worker held   ${times(firstMs)}`)
    say(`  a saved page of everything it held        ${times(allMs)}`)
    const late = allMs.filter((ms) => ms > PROMISED_MS)
    return late.length === 0 ? [] : [`${late.length} of ${options.kills} recoveries took longer than ${PROMISED_MS} ms`]
  } finally {
    uninterrupted()
    await close()
  }
}

/** The processes that have work in hand, once there are any and they have had some time for it. */
async function busyPids(forMs: number): Promise<number[]> {
  await sleep(forMs)
  for (const until = Date.now() + GIVE_UP_MS; Date.now() < until; await sleep(50)) {
    const { rows } = await pool().query<{ pid: number }>(
      `SELECT DISTINCT w.pid FROM noetl.worker w JOIN noetl.iteration i ON i.worker_id = w.worker_id
       WHERE i.status = 'RUNNING' AND i.lease_until > clock_timestamp()`,
    )
    if (rows.length > 0) return rows.map(({ pid }) => pid)
  }
  throw new Error('No worker took up the work.')
}

async function untilRecovered(kills: ReturnType<typeof watchKills>): Promise<{ first: number; last: number }> {
  for (const until = Date.now() + GIVE_UP_MS; ; await sleep(100)) {
    const { firstMs, lastMs, waiting } = await kills.recoveries()
    if (waiting === 0) return { first: firstMs[0] ?? 0, last: lastMs[0] ?? 0 }
    if (Date.now() > until) return { first: Infinity, last: Infinity }
  }
}
