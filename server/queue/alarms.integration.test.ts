import { afterAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../db/testing/create-test-database'
import { ownRedisUrl } from '../db/testing/own-redis'
import { setVariables } from '../env'
import { clearAlarm, listAlarms, setAlarm } from './alarms'
import { closeQueueConnection, migrateQueue } from './connection'
import { closeQueues } from './enqueue'
import { openWorker } from './open-worker'

await createTestDatabase()
afterAll(closeQueueConnection)

describe.each(['postgresql', 'redis'])('an alarm in %s', (kind) => {
  it('rings each time until it is cleared, and is there once however often it is set', async () => {
    setVariables({ REDIS_URL: kind === 'redis' ? await ownRedisUrl() : '' })
    await migrateQueue()
    const rung: string[] = []
    const worker = await openWorker('schedule', async ({ scheduleId }) => void rung.push(scheduleId), {
      concurrency: 1,
      signal: new AbortController().signal,
    })
    expect(await setAlarm('7', { cron: '0 2 * * *', timeZone: 'UTC' })).toBe(true)
    // Six fields, with seconds: a schedule has five, but a test can't wait for a minute.
    const everySecond = { cron: '* * * * * *', timeZone: 'Europe/Berlin' }
    expect(await setAlarm('7', everySecond)).toBe(true)
    expect(await setAlarm('7', everySecond)).toBe(true)
    expect(await listAlarms()).toEqual([{ scheduleId: '7', ...everySecond }])
    await expect.poll(() => rung.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(3)
    expect(new Set(rung)).toEqual(new Set(['7']))
    expect(await clearAlarm('7')).toBe(true)
    expect(await listAlarms()).toEqual([])
    await worker.close()
    await closeQueues()
  })
})
