import type { SystemAnswer } from '@/domain/api/system'
import { formatDuration } from '@/components/ui/format'
import { toneColor } from '@/components/ui/status'
import { StatusShape } from '@/components/ui/status-shape'

type Worker = NonNullable<SystemAnswer['workers']>[number]

/** A heartbeat older than this comes from one that is gone, or hangs. */
const FRESH_MS = 10_000

/** The workers that were seen within the hour. */
export function WorkerList({ workers }: { workers: readonly Worker[] | null }) {
  if (workers === null || workers.length === 0) {
    return (
      <p className="border-y border-line/60 px-3 py-2 text-ink-2 sm:px-5">
        {workers === null ? 'Not known while the database does not answer.' : 'None was seen within the hour.'}
      </p>
    )
  }
  return (
    <ul className="border-t border-line/60">
      {workers.map((worker) => (
        <li
          key={worker.worker_id}
          className="flex items-center gap-2.5 border-b border-line/60 px-3 py-2 max-sm:flex-wrap sm:px-5"
        >
          <span className={toneColor(toneOf(worker))}>
            <StatusShape tone={toneOf(worker)} />
          </span>
          <span className="font-mono text-13">{worker.hostname}</span>
          <span className="text-ink-3">process {worker.pid}</span>
          <span className="min-w-0 break-words sm:flex-1">{wordsOf(worker)}</span>
          <span className="text-12 text-ink-3 max-sm:w-full">
            seen {formatDuration(worker.seen_ms)} ago
            {worker.heard_ms === null ? '' : `, heard its queue ${formatDuration(worker.heard_ms)} ago`}
          </span>
        </li>
      ))}
    </ul>
  )
}

function toneOf({ ready, seen_ms: seenMs }: Worker): 'done' | 'failed' | 'waiting' {
  if (seenMs > FRESH_MS) return 'waiting'
  return ready ? 'done' : 'failed'
}

function wordsOf({ ready, trouble, seen_ms: seenMs }: Worker): string {
  if (seenMs > FRESH_MS) return 'gone, or it hangs'
  return ready ? 'ready' : `not ready: ${trouble ?? 'it does not hear its queue'}`
}
