import { runBareLoop, type Measured } from './bare-loop'
import { timeFirstRequests } from './first-request'
import { openObserver } from './observer'
import { playbookOf, runPageturner, type Place } from './pageturner'
import { usageOf } from './process'
import { type Closing, startPageturner, startSample } from './start-pageturner'
import { LONG_TRIAL, SHORT_TRIAL, TRIALS, type Trial } from './trials'

const SAMPLE_PORT = 5599
const ORIGIN = `http://localhost:${SAMPLE_PORT}`
/** A waiting loop is the same each time; a busy one is not. */
const repeatsOf = (trial: Trial): number => (trial.delayMs === 0 ? 5 : 1)

/** Pages per second of a bare undici loop and of Pageturner, side by side; `--bare` times the loop alone. */
async function main(): Promise<void> {
  const bareOnly = process.argv.includes('--bare')
  const closing: Closing = []
  try {
    await startSample(SAMPLE_PORT, closing)
    const place = bareOnly ? null : await openPlace(closing)
    for (const trial of TRIALS) await report(trial, place)
    if (place) await reportMore(place)
  } finally {
    for (const close of closing.toReversed()) await close()
  }
}

async function openPlace(closing: Closing): Promise<Place> {
  const worker = await startPageturner(SAMPLE_PORT, closing)
  const observer = await openObserver()
  closing.push(() => observer.close())
  return { origin: ORIGIN, workerPid: worker.pid, observer }
}

/** The loop and Pageturner take turns, so that a busy moment of the machine falls on both; the best of each counts. */
async function report(trial: Trial, place: Place | null): Promise<void> {
  const bare: Measured[] = []
  const ours: Measured[] = []
  for (let repeat = 0; repeat < repeatsOf(trial); repeat += 1) {
    bare.push(await runBareLoop(trial, ORIGIN))
    if (place) ours.push(await runPageturner(trial, place))
  }
  process.stdout.write(
    `${trial.name.padEnd(34)} loop ${describe(trial, best(bare))}${place ? `   Pageturner ${describe(trial, best(ours))}   ${ratio(best(ours), best(bare))}` : ''}\n`,
  )
}

/** How soon the first request goes out, and what memory ten times as many pages take. */
async function reportMore(place: Place): Promise<void> {
  const times = await timeFirstRequests(playbookOf(SHORT_TRIAL, ORIGIN), place.observer)
  const at = (part: number): number => times[Math.ceil(times.length * part) - 1] ?? 0
  process.stdout.write(`run → first request: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, of ${times.length} runs\n`)
  const before = await memoryOf(place.workerPid)
  await runPageturner(LONG_TRIAL, place)
  process.stdout.write(
    `worker memory, before ${LONG_TRIAL.name}: ${before}; after: ${await memoryOf(place.workerPid)}\n`,
  )
}

async function memoryOf(pid: number): Promise<string> {
  const { bytes, peakBytes } = await usageOf(pid)
  return `${Math.round(bytes / 2 ** 20)} MiB (highest ${Math.round(peakBytes / 2 ** 20)})`
}

const best = (runs: readonly Measured[]): Measured =>
  runs.reduce((least, run) => (run.wallMs < least.wallMs ? run : least))

function describe(trial: Trial, { wallMs, cpuMs }: Measured): string {
  const pages = trial.elements * trial.pages
  const perSecond = Math.round((pages / wallMs) * 1000)
  return `${String(perSecond).padStart(5)} pages/s ${String(Math.round(wallMs)).padStart(6)} ms ${(cpuMs / pages).toFixed(2)} CPU s/1,000`
}

const ratio = (ours: Measured, bare: Measured): string =>
  `× ${(ours.wallMs / bare.wallMs).toFixed(2)} wall, × ${(ours.cpuMs / bare.cpuMs).toFixed(2)} CPU`

await main()
