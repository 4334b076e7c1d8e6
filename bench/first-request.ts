import { startExecution } from '@/server/executions/start-execution'
import type { Observer } from './observer'

const RUNS = 60
/** The first runs of a process are compiled while they run. */
const WARM_UP = 15
const GIVE_UP_MS = 10_000

/** Milliseconds from asking for a run to the moment its first request goes out, of one run after the other, sorted. */
export async function timeFirstRequests(content: string, observer: Observer): Promise<number[]> {
  const times: number[] = []
  for (let run = 0; run < WARM_UP + RUNS; run += 1) times.push(await timeOne(content, observer))
  return times.slice(WARM_UP).toSorted((a, b) => a - b)
}

async function timeOne(content: string, observer: Observer): Promise<number> {
  const asked = Date.now()
  const { executionId } = await startExecution({ content, trigger: { type: 'cli' } })
  const { firstRequestAt } = await observer.untilEnded(executionId, GIVE_UP_MS)
  if (firstRequestAt === null) throw new Error(`Execution ${executionId} asked for nothing.`)
  return firstRequestAt.getTime() - asked
}
