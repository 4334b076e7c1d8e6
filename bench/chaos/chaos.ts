import { type ChaosResult, chaosReport } from './chaos-report'
import type { Queue } from './place'
import { type Options, queuesOf, readOptions, USAGE } from './read-options'
import { hasRedis } from './redis-server'
import { runChaos } from './run-chaos'
import { killsReport, type KillsResult, runKills } from './run-kills'
import { nameOf } from './stage'

/** One queue after the other; gives back the exit code, which is 1 when a promise was broken on either. */
async function main(options: Options): Promise<number> {
  if (options.what === 'help') {
    process.stdout.write(USAGE)
    return 0
  }
  const queues = queuesOf(options.queue, hasRedis())
  const seed = options.seed ?? Date.now() % 1_000_000
  const broken =
    options.what === 'kills' ? await kills(queues, { ...options, seed }) : await chaos(queues, { ...options, seed })
  return broken ? 1 : 0
}

type Kills = Extract<Options, { what: 'kills' }> & { seed: number }
type Chaos = Extract<Options, { what: 'chaos' }> & { seed: number }

async function kills(queues: readonly Queue[], { kills: count, seed }: Kills): Promise<boolean> {
  const results = new Map<Queue, KillsResult>()
  for (const queue of queues) results.set(queue, await runKills({ queue, kills: count, seed }))
  process.stdout.write(killsReport(results))
  return [...results.values()].some(({ broken }) => broken.length > 0)
}

async function chaos(queues: readonly Queue[], options: Chaos): Promise<boolean> {
  const { seconds, seed, databaseUrl, plant } = options
  const results = new Map<string, ChaosResult>()
  for (const queue of queues) {
    const result = await runChaos({ queue, seconds: seconds / queues.length, seed, databaseUrl, plant })
    results.set(nameOf(queue), result)
  }
  if (results.size > 1) process.stdout.write(chaosReport(results))
  return [...results.values()].some(({ broken }) => broken.length > 0)
}

function optionsOrExit(): Options {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
    process.exit(2)
  }
}

process.exit(await main(optionsOrExit()))
