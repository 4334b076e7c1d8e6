import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@/server/db/embedded-postgres'
import { migrateDatabase } from '@/server/db/migrate'
import { closePool } from '@/server/db/pool'
import { setVariables } from '@/server/env'
import { closeQueueConnection, migrateQueue } from '@/server/queue/connection'
import { closeQueues } from '@/server/queue/enqueue'
import { type Running, startProcess, untilHealthy } from './process'

const SECRET_KEY = 'only for the length of this benchmark'

export type Closing = (() => Promise<unknown>)[]

/** Starts the sample API on this port, and gives back its origin. What is to be closed is added to the list. */
export async function startSample(port: number, closing: Closing): Promise<string> {
  const sample = startProcess('sample-api', { PAGETURNER_SAMPLE_PORT: String(port) })
  closing.push(() => sample.stop())
  await untilHealthy(`http://localhost:${port}/health`)
  return `http://localhost:${port}`
}

/** Starts a database of its own and a worker; this process's use cases work there too. */
export async function startPageturner(samplePort: number, closing: Closing): Promise<Running> {
  const dataDir = await mkdtemp(join(tmpdir(), 'pageturner-bench-'))
  closing.push(() => rm(dataDir, { recursive: true, force: true }))
  const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres'), log: () => undefined })
  closing.push(() => postgres.stop())
  const variables = {
    DATABASE_URL: postgres.url,
    PAGETURNER_SAMPLE_PORT: String(samplePort),
    PAGETURNER_DATA_DIR: dataDir,
    PAGETURNER_SECRET_KEY: SECRET_KEY,
    LOG_LEVEL: 'error',
  }
  setVariables(variables)
  await migrateDatabase(postgres.url)
  await migrateQueue()
  closing.push(closeQueueConnection, closePool, closeQueues)
  const worker = startProcess('worker', variables)
  closing.push(() => worker.stop())
  return worker
}
