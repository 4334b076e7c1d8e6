/** "Tue 24 Nov 2026, 02:00" as the clocks of a zone show it. */
export function zoneText(ms: number, timeZone: string): string {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  )
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? ''
  return `${part('weekday')} ${part('day')} ${part('month')} ${part('year')}, ${part('hour')}:${part('minute')}`
}

/** The same moment in the reader's zone: only the time where the day is the same, or null where both clocks agree. */
export function hereText(ms: number, timeZone: string, here: string): string | null {
  const there = zoneText(ms, timeZone)
  const own = zoneText(ms, here)
  if (own === there) return null
  const [ownDay, ownTime] = own.split(', ')
  return ownDay === there.split(', ')[0] ? `${ownTime} here` : `${own} here`
}

/** The reader's own zone. */
export const hereZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

const formatOf = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
