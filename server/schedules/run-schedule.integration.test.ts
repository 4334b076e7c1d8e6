import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { CreateSchedule, ScheduleRun } from '@/domain/api/schedules'
import { createTestDatabase } from '../db/testing/create-test-database'
import { pool } from '../db/pool'
import { previewRetry } from '../executions/preview-retry'
import { retryRun } from '../executions/retry-run'
import { closeQueueConnection, migrateQueue } from '../queue/connection'
import { closeQueues } from '../queue/enqueue'
import { changeSchedule } from './change-schedule'
import { createSchedule } from './create-schedule'
import { deleteSchedule } from './delete-schedule'
import { listScheduleRuns } from './list-schedule-runs'
import { readSchedule } from './list-schedules'
import { runSchedule } from './run-schedule'
import { runScheduleNow } from './run-schedule-now'
import { registerQuickPlaybook } from './testing/register-quick-playbook'

await createTestDatabase()
await migrateQueue()
afterAll(async () => {
  await closeQueues()
  await closeQueueConnection()
})

const at = (time: string): Date => new Date(`2026-05-04T${time}Z`)
const START = at('01:30:00')

/** A schedule of every full hour in UTC, made at half past one. */
async function make(changes: Partial<CreateSchedule> = {}): Promise<string> {
  const path = await registerQuickPlaybook()
  const { schedule_id: id } = await createSchedule(
    {
      path,
      version: null,
      cron: '@hourly',
      time_zone: 'UTC',
      missed: 'skip',
      overlap: 'skip',
      workload: { region: 'us' },
      paused: false,
      ...changes,
    },
    START,
  )
  return id
}

const line = ({ due_at: due, status, reason, covers }: ScheduleRun): string =>
  [due.slice(11, 16), status, reason, covers === 1 ? null : `×${covers}`].filter(Boolean).join(' ')

const runsOf = async (id: string): Promise<string[]> =>
  (await listScheduleRuns(id, { limit: 500 })).items.toReversed().map(line)

const executionsOf = async (id: string): Promise<{ trigger: unknown; workload: unknown; overrides: string[] }[]> =>
  (
    await pool().query(
      `SELECT trigger, workload, overrides FROM noetl.execution WHERE trigger ->> 'schedule_id' = $1 ORDER BY execution_id`,
      [id],
    )
  ).rows

const endAll = async (): Promise<void> => void (await pool().query(`UPDATE noetl.execution SET status = 'COMPLETED'`))

beforeEach(endAll)

describe('a schedule that is due', () => {
  it('starts one execution with its inputs, and is next due an hour later', async () => {
    const id = await make()
    await runSchedule(id, at('01:59:59.999'))
    expect(await runsOf(id)).toEqual([])
    await runSchedule(id, at('02:00:00.020'))
    expect(await runsOf(id)).toEqual(['02:00 STARTED'])
    expect(await executionsOf(id)).toEqual([
      {
        trigger: { type: 'schedule', schedule_id: id, due_at: '2026-05-04T02:00:00.000Z' },
        workload: { region: 'us', webhook: {} },
        overrides: ['region'],
      },
    ])
    expect(await readSchedule(id)).toMatchObject({
      next_run_at: '2026-05-04T03:00:00.000Z',
      last_run: { due_at: '2026-05-04T02:00:00.000Z', status: 'STARTED', execution_status: 'PENDING' },
    })
  })

  it('is started once, however many look at it at the same time', async () => {
    const id = await make()
    await Promise.all(Array.from({ length: 8 }, () => runSchedule(id, at('02:00:01'))))
    expect(await executionsOf(id)).toHaveLength(1)
    expect(await runsOf(id)).toEqual(['02:00 STARTED'])
  })

  it('is started once also when its row is set back, as a restored database does', async () => {
    const id = await make()
    await runSchedule(id, at('02:00:01'))
    await pool().query('UPDATE noetl.schedule SET next_run_at = $2 WHERE schedule_id = $1', [id, at('02:00:00')])
    await pool().query('DELETE FROM noetl.schedule_run WHERE schedule_id = $1', [id])
    await runSchedule(id, at('02:00:02'))
    expect(await executionsOf(id)).toHaveLength(1)
  })

  it('is left out, and says so, while its last run goes on', async () => {
    const id = await make()
    await runSchedule(id, at('02:00:00'))
    await runSchedule(id, at('03:00:00'))
    await endAll()
    await runSchedule(id, at('04:00:00'))
    expect(await runsOf(id)).toEqual(['02:00 STARTED', '03:00 SKIPPED overlap', '04:00 STARTED'])
  })

  it('is left out while a retry of its last run goes on, and one of that retry', async () => {
    const id = await make()
    await runSchedule(id, at('02:00:00'))
    await endAll()
    let last = (await readSchedule(id)).last_run?.execution_id ?? ''
    for (const hour of ['03', '04']) {
      last = (await retryRun(last, { scope: 'all' })).execution_id
      await runSchedule(id, at(`${hour}:00:00`))
      await expect(runScheduleNow(id)).rejects.toMatchObject({
        message: `Execution ${last} of this schedule has not ended yet.`,
      })
      await endAll()
    }
    await runSchedule(id, at('05:00:00'))
    expect(await runsOf(id)).toEqual([
      '02:00 STARTED',
      '03:00 SKIPPED overlap',
      '04:00 SKIPPED overlap',
      '05:00 STARTED',
    ])
  })

  it('is named by the preview of a retry of the run before while it goes on', async () => {
    const id = await make()
    await runSchedule(id, at('02:00:00'))
    await endAll()
    const before = (await readSchedule(id)).last_run?.execution_id ?? ''
    expect(await previewRetry(before, { scope: 'all' })).toMatchObject({ beside: null })
    await runSchedule(id, at('03:00:00'))
    const beside = (await readSchedule(id)).last_run?.execution_id
    expect(beside).not.toBe(before)
    expect(await previewRetry(before, { scope: 'all' })).toMatchObject({ beside })
    await endAll()
  })

  it('is left out also when its last run has gone on for longer than due times are kept', async () => {
    const id = await make()
    await runSchedule(id, at('02:00:00'))
    await pool().query(
      `INSERT INTO noetl.schedule_run (schedule_id, due_at, status, reason, covers, created_at)
       SELECT schedule_id, due_at + n * interval '1 second', 'SKIPPED', 'overlap', 1, clock_timestamp()
       FROM noetl.schedule_run, generate_series(1, 1200) n WHERE schedule_id = $1`,
      [id],
    )
    await runSchedule(id, at('03:00:00'))
    await runSchedule(id, at('04:00:00'))
    expect(await executionsOf(id)).toHaveLength(1)
    const kept = await listScheduleRuns(id, { limit: 500 })
    expect(kept.items.slice(0, 2).map(line)).toEqual(['04:00 SKIPPED overlap', '03:00 SKIPPED overlap'])
    await endAll()
    await runSchedule(id, at('05:00:00'))
    expect(await executionsOf(id)).toHaveLength(2)
    const { rows } = await pool().query('SELECT count(*)::int AS n FROM noetl.schedule_run WHERE schedule_id = $1', [
      id,
    ])
    expect(rows).toEqual([{ n: 1_001 }])
  })

  it('runs beside its last run where that is allowed', async () => {
    const id = await make({ overlap: 'allow' })
    await runSchedule(id, at('02:00:00'))
    await runSchedule(id, at('03:00:00'))
    expect(await runsOf(id)).toEqual(['02:00 STARTED', '03:00 STARTED'])
  })

  it('says why it could not start, and is tried at its next time', async () => {
    const path = await registerQuickPlaybook('tests/broken')
    const id = await make({ path })
    await pool().query(
      `UPDATE noetl.playbook_content SET content = 'nonsense: [' WHERE hash IN
         (SELECT content_hash FROM noetl.playbook_version WHERE path = $1)`,
      [path],
    )
    await runSchedule(id, at('02:00:00'))
    expect((await listScheduleRuns(id, { limit: 1 })).items[0]).toMatchObject({
      status: 'FAILED',
      reason: 'invalid',
      detail: expect.stringMatching(/./),
      execution_id: null,
    })
    expect(await readSchedule(id)).toMatchObject({ next_run_at: '2026-05-04T03:00:00.000Z' })
  })
})

describe('a schedule that slept from two to half past five', () => {
  const wake = at('05:30:00')

  it.each([
    ['skip', ['05:00 SKIPPED missed ×4'], 0],
    ['run_once', ['05:00 STARTED missed ×4'], 1],
    ['run_all', ['02:00 STARTED missed', '03:00 WAITING missed', '04:00 WAITING missed', '05:00 WAITING missed'], 1],
  ] as const)('with missed: %s', async (missed, runs, started) => {
    const id = await make({ missed })
    await runSchedule(id, wake)
    expect(await runsOf(id)).toEqual(runs)
    expect(await executionsOf(id)).toHaveLength(started)
    expect(await readSchedule(id)).toMatchObject({ next_run_at: '2026-05-04T06:00:00.000Z' })
  })

  it('makes up for what it missed one after the other', async () => {
    const id = await make({ missed: 'run_all' })
    for (const minute of ['30', '31', '32', '33', '34']) {
      await runSchedule(id, at(`05:${minute}:00`))
      await runSchedule(id, at(`05:${minute}:01`))
      await endAll()
    }
    expect(await executionsOf(id)).toHaveLength(4)
    expect(await runsOf(id)).toEqual(['02:00', '03:00', '04:00', '05:00'].map((time) => `${time} STARTED missed`))
  })

  it.each([false, true])(
    'makes up once for two such nights, the first run having ended meanwhile: %s',
    async (ended) => {
      const id = await make({ missed: 'run_once' })
      await runSchedule(id, at('02:00:00'))
      await runSchedule(id, at('05:30:00'))
      expect(await runsOf(id)).toEqual(['02:00 STARTED', '05:00 WAITING missed ×3'])
      if (ended) await endAll()
      await runSchedule(id, at('09:30:00'))
      await endAll()
      await runSchedule(id, at('09:31:00'))
      await endAll()
      await runSchedule(id, at('09:32:00'))
      expect(await runsOf(id)).toEqual(['02:00 STARTED', '05:00 STARTED missed ×3', '09:00 SKIPPED missed ×4'])
      expect(await executionsOf(id)).toHaveLength(2)
    },
  )

  it('does so one after the other where runs may overlap, beside those that come on time', async () => {
    const id = await make({ missed: 'run_all', overlap: 'allow' })
    await runSchedule(id, at('04:30:00'))
    await runSchedule(id, at('04:31:00'))
    await runSchedule(id, at('05:00:00'))
    expect(await runsOf(id)).toEqual([
      '02:00 STARTED missed',
      '03:00 WAITING missed',
      '04:00 WAITING missed',
      '05:00 STARTED',
    ])
    await endAll()
    await runSchedule(id, at('05:01:00'))
    expect((await runsOf(id)).slice(1, 3)).toEqual(['03:00 STARTED missed', '04:00 WAITING missed'])
  })
})

describe('a pause', () => {
  it('is no miss: what is due counts from when it ends', async () => {
    const id = await make({ missed: 'run_all' })
    expect(await changeSchedule(id, { paused: true }, START)).toMatchObject({ paused: true, next_run_at: null })
    await runSchedule(id, at('09:00:00'))
    expect(await changeSchedule(id, { paused: false }, at('09:15:00'))).toMatchObject({
      paused: false,
      next_run_at: '2026-05-04T10:00:00.000Z',
    })
    expect(await runsOf(id)).toEqual([])
  })

  it('leaves out what waited for its turn', async () => {
    const id = await make({ missed: 'run_all' })
    await runSchedule(id, at('03:30:00'))
    await changeSchedule(id, { paused: true })
    await endAll()
    await runSchedule(id, at('03:31:00'))
    expect(await runsOf(id)).toEqual(['02:00 STARTED missed', '03:00 SKIPPED paused'])
  })
})

describe('a schedule run on demand', () => {
  it('runs at once, even when paused, and is refused while it runs', async () => {
    const id = await make({ paused: true })
    const first = await runScheduleNow(id)
    await expect(runScheduleNow(id)).rejects.toMatchObject({
      code: 'conflict',
      message: `Execution ${first} of this schedule has not ended yet.`,
      hint: 'Wait for its end or cancel it, or let the runs of the schedule overlap.',
    })
    await endAll()
    expect(await runScheduleNow(id)).not.toBe(first)
    expect((await runsOf(id)).map((run) => run.slice(6))).toEqual(['STARTED asked', 'STARTED asked'])
  })
})

describe('a schedule that is changed', () => {
  it('is due by its new time and zone', async () => {
    const id = await make()
    const changed = await changeSchedule(id, { cron: '30 2 * * *', time_zone: 'Europe/Berlin' }, START)
    expect(changed).toMatchObject({ cron: '30 2 * * *', next_run_at: '2026-05-05T00:30:00.000Z' })
  })

  it.each([
    [{ cron: '* *' }, 'cron'],
    [{ cron: '0 0 31 4,6 *' }, 'cron'],
    [{ time_zone: 'Europe/Atlantis' }, 'time_zone'],
  ])('refuses %j with the field', async (change, path) => {
    const id = await make()
    await expect(changeSchedule(id, change, START)).rejects.toMatchObject({
      code: 'invalid_request',
      places: [{ path }],
    })
  })

  it('leaves what it started when it is deleted', async () => {
    const id = await make()
    await runSchedule(id, at('02:00:00'))
    await deleteSchedule(id)
    expect(await executionsOf(id)).toHaveLength(1)
    await expect(deleteSchedule(id)).rejects.toMatchObject({ code: 'not_found' })
  })
})
