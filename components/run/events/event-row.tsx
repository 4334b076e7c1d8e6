import { formatExact } from '@/components/ui/format'
import { StatusShape } from '@/components/ui/status-shape'
import { toneColor } from '@/components/ui/status'
import type { EventLine } from './event-lines'

type Props = { line: EventLine; start: number; asJson: boolean; onOpen: (page: NonNullable<EventLine['page']>) => void }

/** One line of the log: when, how it went, where, what. */
export function EventRow({ line, start, asJson, onOpen }: Props) {
  const { page } = line
  return (
    <div className="px-3 hover:bg-ink/3 sm:px-5">
      <div className="flex min-h-6 items-center gap-3">
        <time
          dateTime={line.event.created_at}
          title={formatExact(line.at)}
          className="w-16 shrink-0 text-right font-mono text-12 text-ink-3"
        >
          {sinceStart(line.at - start)}
        </time>
        <span className={toneColor(line.tone)}>
          <StatusShape tone={line.tone} />
        </span>
        {asJson ? <span className="font-mono text-12">{line.event.event_type}</span> : null}
        <PlaceText line={line} {...(page && { onOpen: () => onOpen(page) })} />
        {asJson ? null : (
          <span className="min-w-0 truncate text-ink-2" title={line.text}>
            {line.text}
          </span>
        )}
      </div>
      {asJson ? (
        <pre className="overflow-x-auto pb-2 pl-[76px] font-mono text-12 text-ink-2">
          {JSON.stringify(line.event.context, null, 2)}
        </pre>
      ) : null}
    </div>
  )
}

function PlaceText({ line, onOpen }: { line: EventLine; onOpen?: () => void }) {
  const text = <bdi>{line.place}</bdi>
  if (onOpen === undefined) return <span className="w-44 shrink-0 truncate max-sm:w-28">{text}</span>
  return (
    <button
      type="button"
      onClick={onOpen}
      className="w-44 shrink-0 truncate max-sm:w-28 text-left hover:text-accent hover:underline"
    >
      {text}
    </button>
  )
}

const sinceStart = (ms: number): string => {
  if (ms < 60_000) return `${(ms / 1000).toFixed(3)}`
  return `${Math.floor(ms / 60_000)}:${((ms % 60_000) / 1000).toFixed(1).padStart(4, '0')}`
}
