import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { setVariables } from '@/server/env'
import { isAlive } from '../embedded/processes'
import { startEmbeddedPostgres } from '../embedded-postgres'
import { migrateDatabase } from '../migrate'
import { startTestRedis } from './test-redis'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of a database that was migrated and has no connections: the template of every test's own. */
    templateDatabaseUrl: string
    redisUrl: string
    secretKey: string
  }
}

const PREFIX = 'pageturner-test-'
const SECRET_KEY = 'the key of the integration tests'

/** One PostgreSQL and one Redis for all integration tests, in a temporary folder; both go when the run ends, killed or not. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers()
  const folder = await mkdtemp(join(tmpdir(), PREFIX))
  setVariables({ PAGETURNER_SECRET_KEY: SECRET_KEY, PAGETURNER_DATA_DIR: folder })
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log: () => undefined })
  const redis = await startTestRedis(folder)
  await migrateDatabase(postgres.url)
  project.provide('templateDatabaseUrl', postgres.url)
  project.provide('redisUrl', redis.url)
  project.provide('secretKey', SECRET_KEY)
  return async () => {
    redis.stop()
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Folders of runs that were killed: their servers stop by themselves, their files don't. */
async function removeLeftovers(): Promise<void> {
  const names = await readdir(tmpdir())
  for (const name of names.filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name)
    const owner = await readFile(join(folder, 'postgres.owner'), 'utf8').catch(() => '')
    const postmaster = await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '')
    const pids = [owner, postmaster].map((text) => Number.parseInt(text, 10)).filter((pid) => pid > 0)
    if (pids.length > 0 && !pids.some(isAlive)) await rm(folder, { recursive: true, force: true })
  }
}
