import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrateDatabase } from '@/server/db/migrate'
import { closePool } from '@/server/db/pool'
import { setVariables } from '@/server/env'
import { closeQueueConnection, migrateQueue } from '@/server/queue/connection'
import { closeQueues } from '@/server/queue/enqueue'
import { type ChaosApi, startChaosApi } from './chaos-api'
import { type DatabaseServer, startDatabaseServer } from './database-server'
import { type RedisServer, startRedisServer } from './redis-server'
import type { Random } from './seeded-random'

export type Queue = 'postgres' | 'redis'

/** All that chaos is made in: nothing of it is shared with anything else on the machine. */
export type Place = {
  queue: Queue
  api: ChaosApi
  /** Null: the database was given, so it can't be stopped. */
  database: DatabaseServer | null
  redis: RedisServer | null
  /** What a worker of this place needs to know. */
  variables: Record<string, string>
  close(): Promise<void>
}

const SECRET_KEY = 'only for the length of this chaos'

/** Starts a database, a Redis where the queue lives in one, and an API; this process's use cases work there too. */
export async function openPlace(options: { queue: Queue; random: Random; databaseUrl: string | null }): Promise<Place> {
  const { queue, random, databaseUrl } = options
  const closing: (() => Promise<unknown>)[] = []
  const close = async (): Promise<void> => {
    for (const step of closing.toReversed()) await step()
  }
  try {
    const folder = await mkdtemp(join(tmpdir(), 'pageturner-chaos-'))
    // Root's database runs as another account, which has to enter.
    await chmod(folder, 0o755)
    closing.push(async () => rm(folder, { recursive: true, force: true }))
    const database = databaseUrl === null ? await startDatabaseServer(join(folder, 'postgres')) : null
    if (database !== null) closing.push(async () => database.stop('fast'))
    const redis = queue === 'redis' ? await startRedisServer(folder) : null
    if (redis !== null) closing.push(async () => redis.kill())
    const api = await startChaosApi(random)
    closing.push(async () => api.close())
    const variables = {
      DATABASE_URL: databaseUrl ?? database?.url ?? '',
      REDIS_URL: redis?.url ?? '',
      PAGETURNER_DATA_DIR: folder,
      PAGETURNER_SECRET_KEY: SECRET_KEY,
      PAGETURNER_SECRET_PAGINATED_API_URL: `http://127.0.0.1:${api.port}`,
      PAGETURNER_SAMPLE_PORT: String(api.port),
      LOG_LEVEL: 'silent',
    }
    setVariables(variables)
    await migrateDatabase(variables.DATABASE_URL)
    await migrateQueue()
    closing.push(closeQueueConnection, closePool, closeQueues)
    return { queue, api, database, redis, variables, close }
  } catch (error) {
    await close()
    throw error
  }
}
