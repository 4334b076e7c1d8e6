import { setTimeout as sleep } from 'node:timers/promises'
import { pool } from '@/server/db/pool'
import { cancelExecution } from '@/server/executions/cancel-execution'
import { startExecution } from '@/server/executions/start-execution'
import { pagesPlaybook, workloadOf } from './chaos-playbook'
import type { Queue } from './place'
import { p50p99, watchKills } from './recovery'
import { nameOf, onStage, type Stage } from './stage'

/** P3: another worker goes on within this time. */
const PROMISED_MS = 15_000
const WORKERS = 2
const ELEMENTS = 12
const GIVE_UP_MS = 60_000

/** Milliseconds from each kill to the next page of what the worker held, and to one of everything it held. */
export type KillsResult = { firstMs: number[]; lastMs: number[]; broken: string[] }

/** Kills a worker that has work in hand, waits until others have saved a page of everything it held, and does it again. */
export async function runKills(options: { queue: Queue; kills: number; seed: number }): Promise<KillsResult> {
  const { kills, ...place } = options
  return onStage({ ...place, databaseUrl: null, workers: WORKERS }, async (stage) => {
    const { executionId } = await startExecution({
      content: pagesPlaybook(ELEMENTS),
      workload: workloadOf({ elements: ELEMENTS, pages: 100_000, delayMs: 100 }),
      trigger: { type: 'chaos' },
    })
    const firstMs: number[] = []
    const lastMs: number[] = []
    for (let kill = 1; kill <= kills; kill += 1) {
      const { first, last } = await killOne(stage)
      firstMs.push(first)
      lastMs.push(last)
      stage.say(`kill ${kill}: next page after ${seconds(first)}, all elements after ${seconds(last)}`)
    }
    await cancelExecution(executionId)
    const late = lastMs.filter((ms) => ms > PROMISED_MS).length
    const broken = late === 0 ? [] : [`${late} of ${kills} recoveries took longer than ${seconds(PROMISED_MS)}`]
    return { firstMs, lastMs, broken }
  })
}

export function killsReport(results: ReadonlyMap<Queue, KillsResult>): string {
  const lines = [...results].flatMap(([queue, { firstMs, lastMs, broken }]) => [
    `recovery after kill -9, ${lastMs.length} kills, the queue in ${nameOf(queue)}`,
    `  next saved page of what the worker held   ${p50p99(firstMs)}`,
    `  a saved page of everything it held        ${p50p99(lastMs)}`,
    ...broken.map((sentence) => `  ✗ ${sentence}`),
  ])
  return `\n${lines.join('\n')}\n\n`
}

async function killOne({ fleet, random }: Stage): Promise<{ first: number; last: number }> {
  for (;;) {
    const busy = await busyPids(random.between(1_000, 3_000))
    const kills = watchKills()
    const member = random.pick(fleet.awake().filter(({ running }) => busy.includes(running.pid)))
    // What held nothing would have recovered in no time.
    if ((await kills.before(member.running.pid)) === 0) continue
    await fleet.kill(member, 1_000)
    return untilRecovered(kills)
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

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`
