'use client'
import { hereText, hereZone, zoneText } from './zone-text'

/** A moment as the clocks of a zone show it, and as the reader's do where those differ. */
export function ZoneTime({ at, timeZone }: { at: string; timeZone: string }) {
  const ms = Date.parse(at)
  const here = hereText(ms, timeZone, hereZone())
  return (
    <time dateTime={at} title={`${timeZone}\n${at} UTC`} suppressHydrationWarning>
      {zoneText(ms, timeZone)}
      {here === null ? null : <span className="text-ink-3"> · {here}</span>}
    </time>
  )
}
