import type { IterationKey } from '../db/page-commit'
import { claimIteration } from '../db/claim-iteration'
import { pool } from '../db/pool'
import { releaseIteration } from '../db/release-iteration'
import { renewLeases } from '../db/renew-leases'
import { LONGEST_TIMER_MS } from '../longest-timer'
import { enqueue } from '../queue/enqueue'
import { readSecrets } from '../secrets/read-secrets'
import { elementScope } from './element-scope'
import { loadRun, type Run } from './load-run'
import { requestBudget } from './request-budget'
import { sendPage } from './send-page'

/** Everything outside of itself that the work on elements touches: a simulation brings its own. */
export type Surroundings = {
  /** This process's clock, in milliseconds. */
  now: () => number
  random: () => number
  /** Ends early, without an error, when the signal aborts. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** Calls back again and again, until what it gives back is called. */
  every: (ms: number, tick: () => void) => () => void
  send: typeof sendPage
  /** Resolves when what was given to `send` just now has been written to its connection, where that is open. */
  untilSent: () => Promise<void>
  budget: typeof requestBudget
  enqueue: typeof enqueue
  store: {
    claim: typeof claimIteration
    renew: typeof renewLeases
    release: typeof releaseIteration
    loadRun: (executionId: string) => Promise<Run | null>
    elementScope: typeof elementScope
    readSecrets: typeof readSecrets
    /** Milliseconds since the first claim of an iteration, by the database's clock. */
    startedAgo: (key: IterationKey) => Promise<number>
  }
}

/** What a worker works in. */
export const surroundings: Surroundings = {
  now: Date.now,
  random: Math.random,
  sleep,
  every(ms, tick) {
    const timer = setInterval(tick, ms)
    return () => clearInterval(timer)
  },
  send: sendPage,
  untilSent,
  budget: requestBudget,
  enqueue,
  store: {
    claim: claimIteration,
    renew: renewLeases,
    release: releaseIteration,
    loadRun: async (executionId) => loadRun(pool(), executionId),
    elementScope,
    readSecrets,
    startedAgo,
  },
}

/** undici writes to a connection that it has used before only in the next turn of the event loop, after it was read from. */
async function untilSent(): Promise<void> {
  await new Promise(setImmediate)
  await new Promise(setImmediate)
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || ms <= 0) return
  await new Promise<void>((resolve) => {
    const timer = setTimeout(finish, Math.min(ms, LONGEST_TIMER_MS))
    function finish(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', finish)
      resolve()
    }
    signal.addEventListener('abort', finish)
  })
}

async function startedAgo({ executionId, step, index }: IterationKey): Promise<number> {
  const { rows } = await pool().query<{ ms: number }>({
    name: 'iteration-duration',
    text: `SELECT round(extract(epoch FROM clock_timestamp() - started_at) * 1000)::int AS ms FROM noetl.iteration
           WHERE execution_id = $1 AND step = $2 AND iteration_index = $3`,
    values: [executionId, step, index],
  })
  return rows[0]?.ms ?? 0
}
