import { Redis } from 'ioredis'
import { inject } from 'vitest'

/**
 * A database nobody has used yet in the Redis that all test files share: files run beside each other and leave tickets
 * behind. `redis_taken` in database 0 counts those that are taken.
 */
export async function ownRedisUrl(): Promise<string> {
  const shared = new Redis(inject('redisUrl'))
  try {
    return `${inject('redisUrl')}/${await shared.incr('redis_taken')}`
  } finally {
    shared.disconnect()
  }
}
