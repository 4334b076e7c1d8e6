import { afterAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../db/testing/create-test-database'
import { ownRedisUrl } from '../db/testing/own-redis'
import { setVariables } from '../env'
import { closeQueueConnection, migrateQueue } from './connection'
import { closeQueues, enqueue } from './enqueue'
import { openWorker } from './open-worker'
import type { JobPayload } from './jobs'

await createTestDatabase()
afterAll(closeQueueConnection)

describe.each(['postgresql', 'redis'])('the queue in %s', (kind) => {
  it('gives a ticket to a worker once, and takes the same one again after it was done', async () => {
    setVariables({ REDIS_URL: kind === 'redis' ? await ownRedisUrl() : '' })
    await migrateQueue()
    const ticket = { executionId: '1', step: 'a:b c', index: 0, epoch: 0 }
    expect(await enqueue('element', ticket)).toBe(true)
    expect(await enqueue('element', ticket)).toBe(true)
    const seen: JobPayload<'element'>[] = []
    const worker = await openWorker('element', async (payload) => void seen.push(payload), {
      concurrency: 2,
      signal: new AbortController().signal,
    })
    await expect.poll(() => seen, { timeout: 20_000 }).toEqual([ticket])
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(seen).toHaveLength(1)

    await enqueue('element', ticket, { delayMs: 100 })
    await expect.poll(() => seen, { timeout: 20_000 }).toEqual([ticket, ticket])
    await worker.close()
    await closeQueues()
  })
})
