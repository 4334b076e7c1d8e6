import { parseArgs } from 'node:util'
import type { Queue } from './place'
import { hasRedis } from './redis-server'
import { runChaos } from './run-chaos'
import { runKills } from './run-kills'

const USAGE = `npm run chaos -- [--seconds 600] [--seed N] [--queue postgres|redis|both] [--database URL] [--plant]
npm run chaos -- --kills 20 [--queue postgres|redis|both]
`

/** Breaks everything around a few runs for a while and checks what is on record; exit code 1 when a promise was broken. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '600' },
      seed: { type: 'string' },
      queue: { type: 'string', default: 'both' },
      database: { type: 'string' },
      kills: { type: 'string' },
      plant: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  })
  if (values.help === true) {
    process.stdout.write(USAGE)
    return 0
  }
  const queues = queuesOf(values.queue)
  const seed = Number(values.seed ?? Date.now() % 1_000_000)
  const databaseUrl = values.database ?? null
  const broken: string[] = []
  for (const queue of queues) {
    if (values.kills !== undefined) {
      broken.push(...(await runKills({ queue, kills: Number(values.kills), seed })))
      continue
    }
    const seconds = Number(values.seconds) / queues.length
    broken.push(...(await runChaos({ queue, seconds, seed, databaseUrl, plant: values.plant })))
  }
  return broken.length === 0 ? 0 : 1
}

function queuesOf(asked: string): Queue[] {
  if (asked === 'postgres' || asked === 'redis') return [asked]
  if (asked !== 'both') throw new Error(`--queue takes postgres, redis or both, not ${asked}.`)
  if (hasRedis()) return ['postgres', 'redis']
  process.stdout.write('redis-server is not installed, so only the queue in PostgreSQL is tried.\n')
  return ['postgres']
}

process.exit(await main())
