import { missedPolicySchema, overlapPolicySchema } from '@/domain/api/schedules'
import { collectDue } from '@/domain/schedule/collect-due'
import { decideDue, type DueDecision } from '@/domain/schedule/decide-due'
import { nextDue } from '@/domain/schedule/due-times'
import type { Queryable } from '../db/pool'
import { withTransaction } from '../db/with-transaction'
import { sendTickets, type Ticket } from '../executions/tickets'
import { findScheduledSource, type ScheduledSource } from './find-scheduled-source'
import { isMakingUp, isScheduleBusy } from './is-schedule-busy'
import { keepDecision, readWaiting } from './keep-decision'
import { SCHEDULE_COLUMNS, type ScheduleRow } from './schedule-row'
import { startDue } from './start-due'

type LockedSchedule = ScheduleRow & { now: Date }
type Work = { schedule: LockedSchedule; source: ScheduledSource }

/**
 * Decides about every due time of a schedule up to now and starts what is to start, all in one transaction under the row's
 * lock: two workers, a double tick or a crash never start a due time twice and never lose one. `now` is the database's
 * clock unless given.
 */
export async function runSchedule(scheduleId: string, now: Date | null = null): Promise<void> {
  const source = await findScheduledSource(scheduleId)
  if (source === null) return
  const tickets = await withTransaction(async (client) => {
    const schedule = await lock(client, scheduleId, now)
    // Somebody changed the version in between: the next look, seconds later, sees both alike.
    if (schedule === null || schedule.version !== source.version) return []
    const waiting = await readWaiting(client, scheduleId)
    const isMadeUpFor = waiting.length > 0
    return [
      ...(await startWaiting(client, { schedule, source, waiting })),
      ...(await decideNow(client, { schedule, source, isMadeUpFor })),
    ]
  })
  await sendTickets(tickets)
}

async function lock(client: Queryable, scheduleId: string, now: Date | null): Promise<LockedSchedule | null> {
  const { rows } = await client.query<LockedSchedule>(
    `SELECT ${SCHEDULE_COLUMNS}, coalesce($2, clock_timestamp()) AS now
     FROM noetl.schedule s WHERE s.schedule_id = $1 FOR UPDATE`,
    [scheduleId, now],
  )
  return rows[0] ?? null
}

/** Missed times that wait for their turn: the next of them when nothing of the schedule runs, or where runs may overlap, when the one before has ended. */
async function startWaiting(
  client: Queryable,
  { schedule, source, waiting }: Work & { waiting: readonly DueDecision[] },
): Promise<Ticket[]> {
  const tickets: Ticket[] = []
  for (const decision of waiting) {
    const inTheWay = schedule.overlap === 'skip' ? isScheduleBusy : isMakingUp
    if (await inTheWay(client, schedule.schedule_id)) break
    tickets.push(...(await startDue(client, { schedule, source, decision })))
  }
  return tickets
}

async function decideNow(
  client: Queryable,
  { schedule, source, isMadeUpFor }: Work & { isMadeUpFor: boolean },
): Promise<Ticket[]> {
  const { schedule_id: id, next_run_at: from, now } = schedule
  if (from === null || from.getTime() > now.getTime()) return []
  const when = { cron: schedule.cron, timeZone: schedule.time_zone }
  const isWaiting = (await readWaiting(client, id)).length > 0
  const decisions = decideDue({
    due: collectDue(when, { from, now }),
    now,
    missed: missedPolicySchema.parse(schedule.missed),
    overlap: overlapPolicySchema.parse(schedule.overlap),
    isBusy: isWaiting || (await isScheduleBusy(client, id)),
    isMakingUp: isWaiting || (await isMakingUp(client, id)),
    isMadeUpFor,
  })
  const tickets: Ticket[] = []
  for (const decision of decisions) tickets.push(...(await carryOut(client, { schedule, source, decision })))
  await client.query('UPDATE noetl.schedule SET next_run_at = $2 WHERE schedule_id = $1', [id, nextDue(when, now)])
  return tickets
}

async function carryOut(
  client: Queryable,
  work: { schedule: ScheduleRow; source: ScheduledSource; decision: DueDecision },
): Promise<Ticket[]> {
  const { schedule, decision } = work
  switch (decision.do) {
    case 'start':
      return startDue(client, work)
    case 'wait':
      await keepDecision(client, schedule.schedule_id, { ...decision, status: 'WAITING', executionId: null })
      return []
    case 'skip':
      await keepDecision(client, schedule.schedule_id, { ...decision, status: 'SKIPPED', executionId: null })
      return []
  }
}
