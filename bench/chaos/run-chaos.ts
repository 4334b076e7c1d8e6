import { setTimeout as sleep } from 'node:timers/promises'
import { pool } from '@/server/db/pool'
import type { Verdict } from '../history/check-history'
import { closeOnInterrupt } from './close-on-interrupt'
import { startFleet } from './fleet'
import { PLANTED_BUG } from './planted-bug'
import { openPlace, type Queue } from './place'
import { quantile, watchKills } from './recovery'
import { checkRuns, goingRuns, keepRunning, longestStall, readProgress, setUp, untilAllEnded } from './runs'
import { seededRandom } from './seeded-random'
import { type Scene, troublesOf } from './troubles'

const WORKERS = 3
const PROGRESS_MS = 5_000
const HEAL_MS = 120_000

export type ChaosOptions = {
  queue: Queue
  seconds: number
  seed: number
  databaseUrl: string | null
  plant: boolean
}

/**
 * Lets runs go on while everything around them breaks, then heals it all, waits for the runs and holds what is on record
 * against the promises. Gives back the promises that were broken. `plant`: with a bug that breaks one.
 */
export async function runChaos(options: ChaosOptions): Promise<string[]> {
  const { queue, seconds, seed, databaseUrl, plant } = options
  const begunAt = Date.now()
  const say = (line: string): void =>
    void process.stdout.write(`${((Date.now() - begunAt) / 1_000).toFixed(1).padStart(6)} s  ${line}\n`)
  const random = seededRandom(seed)
  say(`chaos for ${seconds} s, the queue in ${queue === 'redis' ? 'Redis' : 'PostgreSQL'}, seed ${seed}`)
  const place = await openPlace({ queue, random, databaseUrl })
  const fleet = startFleet({ size: WORKERS, variables: place.variables, say })
  const close = async (): Promise<void> => {
    await fleet.stop()
    await place.close()
  }
  const uninterrupted = closeOnInterrupt(close)
  try {
    await setUp(30_000)
    if (plant) await pool().query(PLANTED_BUG)
    const scene: Scene = { place, fleet, random, kills: watchKills(), say, going: goingRuns, broken: [] }
    const interruptions = await makeTrouble(scene, seconds)
    say('everything is well again; waiting for the runs to end')
    await untilAllEnded(HEAL_MS)
    const verdicts = await checkRuns(place.api, interruptions)
    const broken = [...scene.broken, ...[...verdicts.values()].flatMap((verdict) => verdict.broken)]
    await report([...verdicts.values()], broken, scene)
    return broken
  } finally {
    uninterrupted()
    await close()
  }
}

/** One trouble after the other until the time is over; gives back how many of them interrupted work. */
async function makeTrouble(scene: Scene, seconds: number): Promise<number> {
  const { place, random, say } = scene
  const stop = new AbortController()
  const running = keepRunning(random, stop.signal)
  const progress = setInterval(() => void tellProgress(say), PROGRESS_MS)
  const all = troublesOf(place)
  const pauseMs = seconds > 60 ? 3_000 : 600
  // However short the time is: a worker is killed first.
  let deck = [...all.slice(0, 1), ...random.shuffle(all.slice(1))]
  let interruptions = 0
  for (const until = Date.now() + seconds * 1_000; Date.now() < until;) {
    await sleep(random.between(pauseMs / 2, pauseMs * 1.5))
    const [trouble, ...rest] = deck
    deck = rest.length > 0 ? rest : random.shuffle(all)
    if (trouble?.interrupts === true) interruptions += 1
    await trouble?.make(scene).catch((error: unknown) => say(`${trouble.name}: ${String(error)}`))
  }
  stop.abort()
  clearInterval(progress)
  await running
  return interruptions
}

async function tellProgress(say: (line: string) => void): Promise<void> {
  const progress = await readProgress().catch(() => null)
  if (progress === null) return say('(the database does not answer)')
  say(`${progress.ended} of ${progress.begun} runs have ended, ${progress.pages} pages are saved`)
}

async function report(verdicts: readonly Verdict[], broken: readonly string[], { kills }: Scene): Promise<void> {
  const sum = (of: (verdict: Verdict) => number): number => verdicts.reduce((total, verdict) => total + of(verdict), 0)
  const { firstMs, lastMs } = await kills.recoveries()
  const stall = await longestStall()
  const times = (sorted: readonly number[]): string =>
    `p50 ${(quantile(sorted, 0.5) / 1_000).toFixed(1)} s, p99 ${(quantile(sorted, 0.99) / 1_000).toFixed(1)} s`
  const lines = [
    ['runs', `${verdicts.length}`],
    ['pages expected', `${sum(({ pagesExpected }) => pagesExpected)}`],
    ['pages stored', `${sum(({ pagesStored }) => pagesStored)}`],
    ['requested twice', `${sum(({ requestedTwice }) => requestedTwice)}`],
    ['events', `${sum(({ events }) => events)}`],
    ['gaps', `${sum(({ gaps }) => gaps)}`],
    ['longest stall', `${(stall.ms / 1_000).toFixed(1)} s`],
    ['kills of workers', `${kills.count()}, ${firstMs.length} of them with work in hand`],
    ['recovery, next page', times(firstMs)],
    ['recovery, all elements', times(lastMs)],
    ['promises broken', `${broken.length}`],
  ]
  const table = lines.map(([name, value]) => `  ${String(name).padEnd(24)}${value}\n`).join('')
  process.stdout.write(`\n${table}${broken.map((line) => `  ✗ ${line}\n`).join('')}\n`)
}
