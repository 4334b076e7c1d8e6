import { pool } from '../db/pool'
import { clearAlarm } from '../queue/alarms'
import { noSuchSchedule } from './schedule-row'

/** Forgets a schedule; what it started goes on and stays. Throws DomainError('not_found'). */
export async function deleteSchedule(id: string): Promise<void> {
  const { rowCount } = await pool().query('DELETE FROM noetl.schedule WHERE schedule_id = $1', [id])
  if (rowCount === 0) throw noSuchSchedule(id)
  await clearAlarm(id)
}
