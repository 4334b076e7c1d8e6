import { closeOnInterrupt } from './close-on-interrupt'
import { type Fleet, startFleet } from './fleet'
import { openPlace, type Place, type Queue } from './place'
import { type Random, seededRandom } from './seeded-random'

/** Where everything is to go wrong, and the workers in it. */
export type Stage = { place: Place; fleet: Fleet; random: Random; say: (line: string) => void }

export type StageOptions = {
  queue: Queue
  seed: number
  /** Null: a database of its own, which can be stopped. */
  databaseUrl: string | null
  workers: number
}

export const nameOf = (queue: Queue): string => (queue === 'redis' ? 'Redis' : 'PostgreSQL')

/** Sets up a stage for the work and puts it away afterwards, also on Ctrl-C. What it says is told with the time since. */
export async function onStage<Result>(
  { queue, seed, databaseUrl, workers }: StageOptions,
  work: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const begunAt = Date.now()
  const say = (line: string): void =>
    void process.stdout.write(`${((Date.now() - begunAt) / 1_000).toFixed(1).padStart(6)} s  ${line}\n`)
  const random = seededRandom(seed)
  say(`the queue in ${nameOf(queue)}, seed ${seed}`)
  const place = await openPlace({ queue, random, databaseUrl })
  const fleet = startFleet({ size: workers, variables: place.variables, say })
  const close = async (): Promise<void> => {
    await fleet.stop()
    await place.close()
  }
  const uninterrupted = closeOnInterrupt(close)
  try {
    return await work({ place, fleet, random, say })
  } finally {
    uninterrupted()
    await close()
  }
}
