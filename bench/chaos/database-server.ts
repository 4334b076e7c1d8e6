import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { isAlive } from '@/server/db/embedded/processes'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@/server/db/embedded-postgres'

const POLL_MS = 20

export type DatabaseServer = {
  url: string
  /** `fast` ends sessions and writes a checkpoint, `immediate` is a crash: the next start recovers from the log. */
  stop(how: 'fast' | 'immediate'): Promise<void>
  start(): Promise<void>
}

/** The embedded PostgreSQL, which can be taken away and given back on the same port. */
export async function startDatabaseServer(dataDir: string): Promise<DatabaseServer> {
  const start = async (): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ dataDir, log: () => undefined })
  let postgres = await start()
  const folder = await dataDirectoryOf(postgres.url)
  return {
    url: postgres.url,
    async stop(how) {
      if (how === 'fast') return postgres.stop()
      const pid = await postmasterOf(folder)
      if (pid === null) return
      process.kill(pid, 'SIGQUIT')
      while (isAlive(pid)) await sleep(POLL_MS)
    },
    async start() {
      postgres = await start()
    },
  }
}

async function dataDirectoryOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ folder: string }>(`SELECT current_setting('data_directory') AS folder`)
  await client.end()
  return rows[0]?.folder ?? ''
}

/** The first line of its lock file. */
async function postmasterOf(folder: string): Promise<number | null> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => null)
  return text === null ? null : Number.parseInt(text, 10)
}
