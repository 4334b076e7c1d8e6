'use client'
import { formatAgo, formatExact } from './format'
import { useNow } from './use-now'

/** A moment as its distance from now; the exact times are on hover. */
export function TimeAgo({ at }: { at: string | number }) {
  const ms = typeof at === 'number' ? at : Date.parse(at)
  const now = useNow(5000)
  return (
    <time
      dateTime={new Date(ms).toISOString()}
      title={formatExact(ms)}
      className="whitespace-nowrap"
      suppressHydrationWarning
    >
      {formatAgo(ms, now)}
    </time>
  )
}
