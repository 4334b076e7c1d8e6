import { DomainError } from '@/domain/domain-error'
import { withTransaction } from '../db/with-transaction'
import { sendTickets } from '../executions/tickets'
import { findScheduledSource } from './find-scheduled-source'
import { busyExecution } from './is-schedule-busy'
import { noSuchSchedule, SCHEDULE_COLUMNS, type ScheduleRow } from './schedule-row'
import { startDue } from './start-due'

/**
 * Runs what a schedule runs, now and beside its times; a paused one as well. Gives back the execution's id. Throws
 * DomainError: `not_found`, `conflict` while a run of it goes on that may not overlap.
 */
export async function runScheduleNow(scheduleId: string): Promise<string> {
  const source = await findScheduledSource(scheduleId)
  if (source === null) throw noSuchSchedule(scheduleId)
  if ('problem' in source) throw new DomainError('conflict', `It can not run: ${source.problem}`)
  const tickets = await withTransaction(async (client) => {
    const { rows } = await client.query<ScheduleRow & { now: Date }>(
      `SELECT ${SCHEDULE_COLUMNS}, clock_timestamp() AS now FROM noetl.schedule s WHERE s.schedule_id = $1 FOR UPDATE`,
      [scheduleId],
    )
    const schedule = rows[0]
    if (schedule === undefined) throw noSuchSchedule(scheduleId)
    const busy = schedule.overlap === 'skip' ? await busyExecution(client, scheduleId) : null
    if (busy !== null) throw stillRuns(busy)
    const decision = { do: 'start', dueAt: schedule.now, reason: 'asked', covers: 1, detail: null } as const
    return startDue(client, { schedule, source, decision })
  })
  await sendTickets(tickets)
  const ticket = tickets[0]
  if (ticket?.name !== 'orchestrate') throw new Error('The execution was not recorded.')
  return ticket.payload.executionId
}

const stillRuns = (executionId: string): DomainError =>
  new DomainError('conflict', `Execution ${executionId} of this schedule has not ended yet.`, {
    hint: 'Wait for its end or cancel it, or let the runs of the schedule overlap.',
  })
