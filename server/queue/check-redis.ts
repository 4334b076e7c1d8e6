import { Redis } from 'ioredis'
import { DomainError } from '@/domain/domain-error'
import { env } from '../env'
import { log } from '../log'

/** Refuses a Redis that may evict jobs; warns when a crash of it loses them (the sweeper writes them again). No-op without REDIS_URL. */
export async function checkRedis(): Promise<void> {
  if (env.REDIS_URL === undefined) return
  const redis = new Redis(env.REDIS_URL, { lazyConnect: true, maxRetriesPerRequest: 3 })
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    const policy = settingOf(await redis.config('GET', 'maxmemory-policy'))
    if (policy !== 'noeviction') {
      throw new DomainError(
        'unavailable',
        `Redis at REDIS_URL has maxmemory-policy ${policy}, which can throw jobs away.`,
        {
          hint: 'Set `maxmemory-policy noeviction` in its configuration, or unset REDIS_URL: the queue then lives in PostgreSQL.',
        },
      )
    }
    if (settingOf(await redis.config('GET', 'appendonly')) !== 'yes') {
      log().warn(
        'Redis has no append-only file: a crash of it loses tickets, and runs pause for seconds until they are written again',
      )
    }
  } finally {
    redis.disconnect()
  }
}

const settingOf = (reply: unknown): string => (Array.isArray(reply) ? String(reply[1]) : String(reply))
