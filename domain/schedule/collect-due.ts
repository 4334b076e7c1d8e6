import { dueTimes, type CronInZone } from './due-times'

/** Of more missed times than these only the latest are made up for. */
export const MOST_CAUGHT_UP = 100

const HOUR_MS = 3_600_000
/** How far to look back, the shortest first: a schedule of every minute that slept a year is not counted through. */
const SPANS_MS = [1, 24, 7 * 24, 60 * 24, 730 * 24].map((hours) => hours * HOUR_MS)

export type CollectedDue = {
  /** In order; the latest of them where there are very many. */
  times: Date[]
  /** False when there are more before the first of `times`. */
  isWhole: boolean
}

/** The due times from the first that nobody decided about up to now. */
export function collectDue(schedule: CronInZone, { from, now }: { from: Date; now: Date }): CollectedDue {
  const first = from.getTime() - 1
  let times: Date[] = []
  for (const span of SPANS_MS) {
    const start = Math.max(first, now.getTime() - span)
    times = upTo(schedule, new Date(start), now)
    if (start === first) return { times, isWhole: true }
    if (times.length > MOST_CAUGHT_UP) break
  }
  return { times, isWhole: false }
}

function upTo(schedule: CronInZone, after: Date, now: Date): Date[] {
  const times: Date[] = []
  for (const due of dueTimes(schedule, after)) {
    if (due.getTime() > now.getTime()) break
    times.push(due)
  }
  return times
}
