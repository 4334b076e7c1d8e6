import { lookOf, type AnyStatus } from './status'
import { StatusShape } from './status-shape'

/** A status as shape and word. */
export function StatusMark({ status, size = 12 }: { status: AnyStatus; size?: number }) {
  const { word, tone, color } = lookOf(status)
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap ${color}`}>
      <StatusShape tone={tone} size={size} />
      {word}
    </span>
  )
}
