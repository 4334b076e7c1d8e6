import type { SchedulePreview } from '@/domain/api/schedules'
import { DomainError } from '@/domain/domain-error'
import { parseCron } from '@/domain/schedule/cron'
import { nextDue, nextDueTimes, type CronInZone } from '@/domain/schedule/due-times'
import { isTimeZone } from '@/domain/schedule/time-zone'

/** The first time a schedule is due at after now. Throws DomainError('invalid_request') with the field that is wrong. */
export function firstDue(schedule: CronInZone, now: Date): Date {
  const cron = checkedCron(schedule)
  const first = nextDue(cron, now)
  if (first === null) throw wrong('cron', `"${schedule.cron}" never comes: there is no such day.`)
  return first
}

/** The next few times a schedule would be due at, or what is wrong with it. */
export function previewSchedule(schedule: CronInZone, now: Date, count: number): SchedulePreview {
  try {
    firstDue(schedule, now)
    const times = nextDueTimes(checkedCron(schedule), now, count)
    return { times: times.map((time) => time.toISOString()), problem: null }
  } catch (error) {
    const place = error instanceof DomainError ? error.places[0] : undefined
    if (place === undefined) throw error
    return { times: [], problem: { path: place.path, message: place.message } }
  }
}

/** The expression in five fields, as it is stored. Throws as `firstDue`. */
export function checkedCron({ cron, timeZone }: CronInZone): CronInZone {
  const parsed = parseCron(cron)
  if ('problem' in parsed) throw wrong('cron', parsed.problem)
  if (!isTimeZone(timeZone)) {
    throw wrong('time_zone', `"${timeZone}" is no time zone: write a name such as Europe/Berlin or UTC.`)
  }
  return { cron: parsed.fields, timeZone }
}

const wrong = (path: string, message: string): DomainError =>
  new DomainError('invalid_request', message, { places: [{ path, message }] })
