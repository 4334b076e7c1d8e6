import { DomainError } from '@/domain/domain-error'
import { pool } from '../db/pool'
import { findSource } from '../executions/start-execution'

/** What a schedule would run now, or why it can't run; `version` is the one it is pinned to. */
export type ScheduledSource = { version: number | null } & (
  | { source: Awaited<ReturnType<typeof findSource>> }
  | { problem: string }
)

/** Null when there is no such schedule. */
export async function findScheduledSource(scheduleId: string): Promise<ScheduledSource | null> {
  const { rows } = await pool().query<{ path: string; version: number | null }>(
    'SELECT path, version FROM noetl.schedule WHERE schedule_id = $1',
    [scheduleId],
  )
  const schedule = rows[0]
  if (schedule === undefined) return null
  const { path, version } = schedule
  try {
    return { version, source: await findSource({ path, ...(version !== null && { version }), trigger: {} }) }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return { version, problem: error.message }
  }
}
