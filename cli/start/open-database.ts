import { setTimeout as sleep } from 'node:timers/promises'

import pg from 'pg'

import { type EmbeddedPostgres, startEmbeddedPostgres } from '@/server/db/embedded-postgres'
import { env, setVariables } from '@/server/env'
import { PlainError } from '../prepare/plain-error.mjs'
import { withProgress } from '../prepare/progress.mjs'
import type { DataDir } from './data-dir'

const CHECK_MS = 1_000
const CHECKS_BEFORE_RESTART = 2

type OpenDatabase = { stop: () => Promise<void> }

/** Starts the embedded PostgreSQL when DATABASE_URL is unset, and sets it. A database that is given is only checked, never stopped. */
export async function openDatabase(dataDir: DataDir, say: (line: string) => void): Promise<OpenDatabase> {
  if (env.DATABASE_URL !== undefined) {
    await refuseUnreachable(env.DATABASE_URL)
    return { stop: async () => undefined }
  }
  const startIt = (): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({ dataDir: dataDir.postgres, log: () => undefined })
  const embedded = await withProgress('Starting PostgreSQL', startIt)
  setVariables({ DATABASE_URL: embedded.url })
  const stopping = new AbortController()
  const watching = keepRunning(embedded.url, { startIt, say, signal: stopping.signal })
  return {
    stop: async () => {
      stopping.abort()
      await watching
      await withProgress('Stopping PostgreSQL', () => embedded.stop())
    },
  }
}

/** Starts the server again when it was killed; everything that uses it waits and reconnects by itself. */
async function keepRunning(
  url: string,
  { startIt, say, signal }: { startIt: () => Promise<unknown>; say: (line: string) => void; signal: AbortSignal },
): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    await sleep(CHECK_MS, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    failures = (await failureOf(url)) === null ? 0 : failures + 1
    if (failures < CHECKS_BEFORE_RESTART) continue
    failures = 0
    say('PostgreSQL has stopped; starting it again.')
    await startIt().catch((error: unknown) => say(String(error)))
  }
}

async function refuseUnreachable(url: string): Promise<void> {
  const reason = await failureOf(url)
  if (reason === null) return
  const { host, pathname } = new URL(url)
  throw new PlainError(
    `The PostgreSQL of DATABASE_URL (${host}${pathname}) can't be reached: ${reason}`,
    'Start it or correct DATABASE_URL; without DATABASE_URL, Pageturner brings its own PostgreSQL.',
  )
}

/** Why no connection can be made, or null when one can. */
async function failureOf(url: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    await client.end().catch(() => undefined)
  }
}
