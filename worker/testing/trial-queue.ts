import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll } from 'vitest'
import { startTestRedis } from '@/server/db/testing/test-redis'
import { setVariables } from '@/server/env'

/** The queue of trials that are copies of each other. */
export type TrialQueue = {
  /** What is in it now is what each copy begins with. */
  keep(): Promise<void>
  /** `variables`: what a worker of the copy needs to know. */
  copy(): Promise<{ variables: Record<string, string>; close(): Promise<void> }>
}

/** Copied with the database that it is in. */
export const IN_THE_DATABASE: TrialQueue = {
  keep: async () => undefined,
  copy: async () => ({ variables: {}, close: async () => undefined }),
}

/** What Redis writes when it is told to save, and reads when it starts. */
const SAVED = 'dump.rdb'

/** A Redis which this process uses from now on, and for each copy another that begins with what was in it. */
export async function redisTrialQueue(): Promise<TrialQueue> {
  const origin = await startRedisIn(await newFolder())
  setVariables({ REDIS_URL: origin.url })
  afterAll(async () => origin.close())
  return {
    async keep() {
      const redis = new Redis(origin.url)
      await redis.save()
      redis.disconnect()
    },
    async copy() {
      const folder = await newFolder()
      await copyFile(join(origin.folder, SAVED), join(folder, SAVED))
      const { url, close } = await startRedisIn(folder)
      // Else each worker warns that it would lose its tickets with this Redis, which is what is wanted here.
      return { variables: { REDIS_URL: url, LOG_LEVEL: 'error' }, close }
    },
  }
}

async function startRedisIn(folder: string): Promise<{ folder: string; url: string; close: () => Promise<void> }> {
  const redis = await startTestRedis(folder)
  const close = async (): Promise<void> => {
    redis.stop()
    await rm(folder, { recursive: true, force: true })
  }
  return { folder, url: redis.url, close }
}

const newFolder = async (): Promise<string> => mkdtemp(join(tmpdir(), 'pageturner-trial-'))
