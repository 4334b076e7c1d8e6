import { parseArgs } from 'node:util'
import type { Queue } from './place'

export const USAGE = `Breaks everything around a few runs and holds what is on record against the promises.

npm run chaos                     ten minutes: five with the queue in PostgreSQL, then five in Redis
npm run chaos -- --seconds 60     another time, shared by the queues
npm run chaos -- --kills 20       kills a busy worker 20 times for each queue and times the recoveries

  --queue postgres|redis|both     where the queue lives (both)
  --seed N                        the same troubles as in the run that printed it
  --database URL                  a PostgreSQL of yours, which is migrated and filled, and not stopped
  --plant                         plants bugs, which the check has to find

Exit code 0: every promise was kept. 1: one was broken. 2: the command was not understood.
`

export type Asked = 'postgres' | 'redis' | 'both'
export type Options =
  | { what: 'help' }
  | { what: 'kills'; kills: number; queue: Asked; seed: number | null }
  | { what: 'chaos'; seconds: number; queue: Asked; seed: number | null; databaseUrl: string | null; plant: boolean }

/** What to do, from the words after the command. Throws an Error that says what was not understood. */
export function readOptions(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      seconds: { type: 'string' },
      seed: { type: 'string' },
      queue: { type: 'string', default: 'both' },
      database: { type: 'string' },
      kills: { type: 'string' },
      plant: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return { what: 'help' }
  const common = {
    queue: queueIn(values.queue),
    seed: values.seed === undefined ? null : wholeIn('--seed', values.seed),
  }
  if (values.kills === undefined) {
    const seconds = wholeIn('--seconds', values.seconds ?? '600')
    return { what: 'chaos', ...common, seconds, databaseUrl: values.database ?? null, plant: values.plant }
  }
  if (values.seconds !== undefined || values.database !== undefined || values.plant)
    throw new Error('--kills goes with --queue and --seed only.')
  return { what: 'kills', ...common, kills: wholeIn('--kills', values.kills) }
}

/** The queues meant; Redis only where its server is installed. Throws an Error where nothing would be left. */
export function queuesOf(asked: Asked, hasRedis: boolean): Queue[] {
  if (asked !== 'postgres' && !hasRedis)
    throw new Error('redis-server is not installed. Install it, or use --queue postgres.')
  return asked === 'both' ? ['postgres', 'redis'] : [asked]
}

function queueIn(text: string): Asked {
  if (text === 'postgres' || text === 'redis' || text === 'both') return text
  throw new Error(`--queue takes postgres, redis or both, not ${text}.`)
}

function wholeIn(name: string, text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new Error(`${name} takes a whole number from 1, not ${JSON.stringify(text)}.`)
}
