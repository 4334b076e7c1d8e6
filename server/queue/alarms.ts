import { log } from '../log'
import { readyQueue } from './enqueue'
import { JOB_OPTIONS } from './jobs'

type When = { cron: string; timeZone: string }
export type Alarm = When & { scheduleId: string }

const PREFIX = 's_'
const MOST = 10_000

/** Wakes a worker when a schedule is due. False when the queue could not be reached: the sweeper sets what is missing. */
export async function setAlarm(scheduleId: string, { cron, timeZone }: When): Promise<boolean> {
  return reach(`set the alarm of schedule ${scheduleId}`, async () => {
    const queue = await readyQueue('schedule')
    const template = { name: 'schedule', data: { scheduleId }, opts: JOB_OPTIONS }
    await queue.upsertJobScheduler(`${PREFIX}${scheduleId}`, { pattern: cron, tz: timeZone }, template)
  })
}

/** Takes it away. False when the queue could not be reached. */
export async function clearAlarm(scheduleId: string): Promise<boolean> {
  return reach(`clear the alarm of schedule ${scheduleId}`, async () => {
    await (await readyQueue('schedule')).removeJobScheduler(`${PREFIX}${scheduleId}`)
  })
}

/** The alarms that are set. Throws when the queue cannot be reached. */
export async function listAlarms(): Promise<Alarm[]> {
  const schedulers = await (await readyQueue('schedule')).getJobSchedulers(0, MOST)
  return schedulers.map(({ key, pattern = '', tz = '' }) => ({
    scheduleId: key.slice(PREFIX.length),
    cron: pattern,
    timeZone: tz,
  }))
}

async function reach(what: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    log().warn({ err: error }, `the queue did not ${what}; the sweeper will`)
    return false
  }
}
