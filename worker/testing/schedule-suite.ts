import { Queue } from 'bullmq'
import { describe, expect, it, vi } from 'vitest'
import type { CreateSchedule } from '@/domain/api/schedules'
import { pool } from '@/server/db/pool'
import { queueConnection } from '@/server/queue/connection'
import { listAlarms } from '@/server/queue/alarms'
import { createSchedule } from '@/server/schedules/create-schedule'
import { listScheduleRuns } from '@/server/schedules/list-schedule-runs'
import { resetAlarms } from '@/server/schedules/sweep-schedules'
import { registerQuickPlaybook } from '@/server/schedules/testing/register-quick-playbook'
import { forkWorker } from './fork-worker'
import { startEngine, statusOf, untilEnded } from './start-engine'

/** What must be true of schedules with two workers, on either queue. Call it at the top of a test file. */
export async function scheduleSuite(queue: 'postgresql' | 'redis'): Promise<void> {
  vi.setConfig({ testTimeout: 180_000 })
  await startEngine(queue)

  const make = async (changes: Partial<CreateSchedule> = {}): Promise<string> => {
    const path = await registerQuickPlaybook()
    const facts = { path, version: null, cron: '@yearly', time_zone: 'UTC', workload: {}, paused: false } as const
    return (await createSchedule({ ...facts, missed: 'run_once', overlap: 'skip', ...changes })).schedule_id
  }

  /** As if the time had come. */
  const makeDue = async (id: string): Promise<void> =>
    void (await pool().query(
      `UPDATE noetl.schedule SET next_run_at = date_trunc('year', clock_timestamp()) WHERE schedule_id = $1`,
      [id],
    ))

  const startedBy = async (id: string): Promise<string[]> =>
    (await listScheduleRuns(id, { limit: 100 })).items.flatMap(({ execution_id: execution }) => execution ?? [])

  describe(`with the queue in ${queue}`, () => {
    it('a schedule that is due runs once, whichever of two workers sees it and although one is killed', async () => {
      const second = await forkWorker()
      const ids = await Promise.all(Array.from({ length: 10 }, () => make()))
      await Promise.all(ids.map(makeDue))
      await expect
        .poll(async () => (await Promise.all(ids.map(startedBy))).flat().length, { timeout: 40_000 })
        .toBeGreaterThan(0)
      await second.kill()
      for (const id of ids) {
        await expect.poll(() => startedBy(id), { timeout: 40_000 }).toHaveLength(1)
        const [execution = ''] = await startedBy(id)
        await untilEnded(execution)
        expect(await statusOf(execution)).toBe('COMPLETED')
      }
      const { rows } = await pool().query<{ count: string }>(
        `SELECT count(*) FROM noetl.execution WHERE trigger ->> 'type' = 'schedule'`,
      )
      expect(rows[0]?.count).toBe('10')
    })

    it('sets again the alarms that were lost or are of another time, and clears those of nobody', async () => {
      const [kept, changed, gone] = [
        await make(),
        await make({ cron: '0 2 * * *', time_zone: 'Asia/Tokyo' }),
        await make(),
      ]
      // The worker beside this sets them again now and then.
      await vi.waitFor(
        async () => {
          await wipe(queue)
          expect(await listAlarms()).toEqual([])
        },
        { timeout: 20_000 },
      )
      await make()
      await resetAlarms()
      await pool().query(`UPDATE noetl.schedule SET cron = '0 3 * * *' WHERE schedule_id = $1`, [changed])
      await pool().query('DELETE FROM noetl.schedule WHERE schedule_id = $1', [gone])
      await resetAlarms()
      const alarms = new Map((await listAlarms()).map(({ scheduleId, ...when }) => [scheduleId, when]))
      expect(alarms.get(kept)).toEqual({ cron: '0 0 1 1 *', timeZone: 'UTC' })
      expect(alarms.get(changed)).toEqual({ cron: '0 3 * * *', timeZone: 'Asia/Tokyo' })
      expect(alarms.has(gone)).toBe(false)
    })

    it('what is due runs although the queue has lost everything', async () => {
      const id = await make()
      await wipe(queue)
      await makeDue(id)
      await expect.poll(() => startedBy(id), { timeout: 40_000 }).toHaveLength(1)
      await untilEnded((await startedBy(id))[0] ?? '')
    })
  })
}

/** Everything the queue of schedules holds is gone, as after a crash of a Redis without an append-only file. */
async function wipe(kind: 'postgresql' | 'redis'): Promise<void> {
  const to = queueConnection()
  const queue =
    to.kind === 'redis'
      ? new Queue('schedule', { connection: to.connection, prefix: to.prefix })
      : new Queue('schedule', { connection: to.connection }, to.backend)
  expect(to.kind).toBe(kind)
  for (const { key } of await queue.getJobSchedulers()) await queue.removeJobScheduler(key)
  await queue.obliterate({ force: true })
  await queue.close()
}
