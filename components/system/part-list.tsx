import type { ReadyCheck } from '@/domain/api/system'
import { toneColor } from '@/components/ui/status'
import { StatusShape } from '@/components/ui/status-shape'

const NAMES: Readonly<Record<ReadyCheck['part'], string>> = { database: 'Database', queue: 'Queue', worker: 'Worker' }

/** Each part, how it is, and what to do where something is wrong. */
export function PartList({ checks }: { checks: readonly ReadyCheck[] }) {
  return (
    <ul className="border-t border-line/60">
      {checks.map(({ part, ok, detail, remedy }) => (
        <li key={part} className="flex gap-2.5 border-b border-line/60 px-3 py-2 sm:px-5">
          <span className={`pt-1 ${toneColor(ok ? 'done' : 'failed')}`}>
            <StatusShape tone={ok ? 'done' : 'failed'} />
          </span>
          <span className="w-20 shrink-0 font-medium">
            {NAMES[part]}
            <span className="sr-only">{ok ? ' is well' : ' is not well'}</span>
          </span>
          <span className="min-w-0 break-words">
            {detail}
            {ok || remedy === undefined ? null : <span className="block text-ink-2">{remedy}</span>}
          </span>
        </li>
      ))}
    </ul>
  )
}
