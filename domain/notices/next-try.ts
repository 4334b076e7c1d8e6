const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** Waits after the first, second, … failed try; the last of them goes on until a day is over. */
const WAITS_MS = [10_000, 30_000, MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS, 3 * 60 * MINUTE_MS]

/** When a notice is sent again after so many failed tries, or null when it is given up: a day after the first was due. */
export function nextTry({ attempts, firstDueAt, now }: { attempts: number; firstDueAt: Date; now: Date }): Date | null {
  const wait = WAITS_MS[Math.min(attempts, WAITS_MS.length) - 1] ?? DAY_MS
  const next = now.getTime() + wait
  return next - firstDueAt.getTime() > DAY_MS ? null : new Date(next)
}
