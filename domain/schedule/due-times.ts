import { parseCron, wallTimes } from './cron'
import { firstChange, offsetAt } from './time-zone'

export type CronInZone = { cron: string; timeZone: string }

/** Surely before a change of the clock that decides about a time: a zone is at most 14 h from UTC, a jump at most a day. */
const LONG_BEFORE_MS = 38 * 3_600_000

/**
 * The moments a schedule is due at, after one and in order. A time of day that the clocks jump over is due at the jump, one
 * that they show twice at the first of both, so that "02:30 each day" is once each day; where every hour matches, the
 * moments follow the clock as it runs, the hour that comes twice included. Throws when the expression can't be read.
 */
export function* dueTimes({ cron, timeZone }: CronInZone, after: Date): Generator<Date> {
  const parsed = parseCron(cron)
  if ('problem' in parsed) throw new Error(parsed.problem)
  const times = parsed.isEveryHour ? asTheClockRuns : onceADay
  let last = after.getTime()
  for (const due of times(parsed.fields, timeZone, last)) {
    if (due <= last) continue
    last = due
    yield new Date(due)
  }
}

/** The next moment, or null when none comes. */
export function nextDue(schedule: CronInZone, after: Date): Date | null {
  const next = dueTimes(schedule, after).next()
  return next.done === true ? null : next.value
}

/** The next few moments. */
export function nextDueTimes(schedule: CronInZone, after: Date, count: number): Date[] {
  const times: Date[] = []
  for (const due of dueTimes(schedule, after)) {
    if (times.push(due) >= count) break
  }
  return times
}

function* onceADay(fields: string, timeZone: string, after: number): Generator<number> {
  for (const wall of wallTimes(fields, after + offsetAt(timeZone, after))) yield firstShown(timeZone, wall)
}

/** The first moment at which the clocks of a zone show this time, or jump over it. */
function firstShown(timeZone: string, wall: number): number {
  const before = offsetAt(timeZone, wall - LONG_BEFORE_MS)
  const early = wall - before
  if (offsetAt(timeZone, early) === before) return early
  const late = wall - offsetAt(timeZone, early)
  if (late + offsetAt(timeZone, late) === wall) return late
  return firstChange(timeZone, Math.min(early, late), Math.max(early, late))
}

function* asTheClockRuns(fields: string, timeZone: string, after: number): Generator<number> {
  for (let from: number | null = after; from !== null;) {
    const changedAt: number | null = yield* untilChange(fields, timeZone, from)
    if (changedAt !== null && isShown(fields, changedAt + offsetAt(timeZone, changedAt))) yield changedAt
    from = changedAt
  }
}

/** The moments before the next change of the clock; gives back the change, or null when nothing matches any more. */
function* untilChange(fields: string, timeZone: string, after: number): Generator<number, number | null> {
  const offset = offsetAt(timeZone, after)
  let from = after
  for (const wall of wallTimes(fields, after + offset)) {
    const due = wall - offset
    if (offsetAt(timeZone, due) !== offset) return firstChange(timeZone, from, due)
    yield due
    from = due
  }
  return null
}

const isShown = (fields: string, wall: number): boolean => wallTimes(fields, wall - 1).next().value === wall
