import { setTimeout as sleep } from 'node:timers/promises'
import { pool } from '@/server/db/pool'
import { checkCancels } from '../history/check-cancels'
import { type ChaosResult, chaosReport } from './chaos-report'
import { CHILD_STARTED_TWICE, ENDS_MIXED_UP, PLANTED_BUG } from './planted-bug'
import type { Queue } from './place'
import { watchKills } from './recovery'
import {
  checkRuns,
  goingRuns,
  keepRunning,
  longestStall,
  readProgress,
  setUp,
  untilAllEnded,
  wakesOfParents,
} from './runs'
import { nameOf, onStage, type Stage } from './stage'
import { type Scene, type Trouble, troublesOf } from './troubles'

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
 * against the promises. `plant`: with bugs that break some.
 */
export async function runChaos({ seconds, plant, ...options }: ChaosOptions): Promise<ChaosResult> {
  return onStage({ ...options, workers: WORKERS }, async (stage) => {
    const { place, say } = stage
    await setUp(30_000)
    if (plant) await pool().query(`${PLANTED_BUG}; ${CHILD_STARTED_TWICE}; ${ENDS_MIXED_UP}`)
    say(`${seconds} s of chaos begin`)
    const cancels = { sent: new Set<string>(), accepted: new Set<string>() }
    const scene: Scene = { ...stage, kills: watchKills(), going: goingRuns, cancels, broken: [] }
    const interruptions = await makeTrouble(scene, seconds)
    say('everything is well again; waiting for the runs to end')
    await untilAllEnded(HEAL_MS)
    const result = await resultOf(scene, await checkRuns(place.api, interruptions))
    process.stdout.write(chaosReport(new Map([[nameOf(options.queue), result]])))
    return result
  })
}

/** One trouble after the other until the time is over; gives back how many of them interrupted work. */
async function makeTrouble(scene: Scene, seconds: number): Promise<number> {
  const { place, random, say } = scene
  const stop = new AbortController()
  const running = keepRunning(random, stop.signal)
  const progress = setInterval(() => void tellProgress(say), PROGRESS_MS)
  const all = troublesOf(place)
  const pauseMs = seconds > 60 ? 3_000 : 600
  // However short the time is: a worker is killed and a run cancelled first.
  const isFirst = ({ name }: Trouble): boolean => name === 'kill -9' || name === 'cancel'
  let deck = [...all.filter(isFirst), ...random.shuffle(all.filter((trouble) => !isFirst(trouble)))]
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

async function tellProgress(say: Stage['say']): Promise<void> {
  const progress = await readProgress().catch(() => null)
  if (progress === null) return say('(the database does not answer)')
  say(`${progress.ended} of ${progress.begun} runs have ended, ${progress.pages} pages are saved`)
}

async function resultOf({ kills, cancels, broken }: Scene, runs: ChaosResult['runs']): Promise<ChaosResult> {
  const { firstMs, lastMs } = await kills.recoveries()
  const wakesMs = await wakesOfParents()
  const early = wakesMs.filter((ms) => ms < 0).length
  const stored = runs.some(({ verdict }) => verdict.pagesStored > 0)
  return {
    runs,
    kills: kills.count(),
    firstMs,
    lastMs,
    wakesMs,
    stallMs: await longestStall(),
    broken: [
      ...broken,
      ...runs.flatMap(({ verdict }) => verdict.broken),
      ...checkCancels(runs, cancels),
      ...(early > 0 ? [`${early} elements ended before the child that they waited for`] : []),
      // Else a chaos in which nothing ran would have kept every promise.
      ...(stored ? [] : ['not one page was saved']),
    ],
  }
}
