import { pool } from '../db/pool'
import { log } from '../log'
import { clearAlarm, listAlarms, setAlarm } from '../queue/alarms'
import { runSchedule } from './run-schedule'

/** Schedules a turn; the rest comes with the next. */
const MOST = 500

const DUE = `
  SELECT s.schedule_id AS id FROM noetl.schedule s WHERE s.next_run_at <= clock_timestamp()
  UNION
  SELECT r.schedule_id FROM noetl.schedule_run r WHERE r.status = 'WAITING'
  LIMIT ${MOST}`

/** Looks at every schedule that is due or has something waiting, whether the queue has rung for it or not. */
export async function sweepSchedules(): Promise<void> {
  const { rows } = await pool().query<{ id: string }>({ name: 'sweep-schedules', text: DUE })
  for (const { id } of rows) {
    await runSchedule(id).catch((error: unknown) => log().error({ err: error, scheduleId: id }, 'a schedule failed'))
  }
}

/** Sets the alarms that the database says should be there and the queue has lost, and clears those of nobody. */
export async function resetAlarms(): Promise<void> {
  const alarms = new Map((await listAlarms()).map((alarm) => [alarm.scheduleId, alarm]))
  const { rows } = await pool().query<{ id: string; cron: string; timeZone: string }>(
    `SELECT schedule_id AS id, cron, time_zone AS "timeZone" FROM noetl.schedule WHERE next_run_at IS NOT NULL`,
  )
  for (const { id, ...when } of rows) {
    const alarm = alarms.get(id)
    alarms.delete(id)
    if (alarm?.cron !== when.cron || alarm.timeZone !== when.timeZone) await setAlarm(id, when)
  }
  for (const id of alarms.keys()) await clearAlarm(id)
}
