import Link from 'next/link'
import type { ExecutionSummary } from '@/domain/api/executions'
import { countOf } from '@/components/ui/format'
import { StatusMark } from '@/components/ui/status-mark'
import { TimeAgo } from '@/components/ui/time-ago'

/** A run under way, as large as it deserves. */
export function RunningCard({ run }: { run: ExecutionSummary }) {
  const { stats } = run
  return (
    <li className="relative rounded-md border border-line bg-panel p-3 hover:border-line-strong">
      <div className="flex items-center gap-3">
        <StatusMark status={run.status} />
        <Link
          href={`/runs/${run.execution_id}`}
          className="min-w-0 truncate font-mono text-12 after:absolute after:inset-0"
        >
          {run.path}
        </Link>
        <span className="ml-auto font-mono text-12 text-ink-3">#{run.execution_id}</span>
      </div>
      <p className="flex flex-wrap gap-x-4 pt-1.5 text-ink-2">
        <span>{countOf(stats.elements, 'element')}</span>
        <span>{countOf(stats.pages, 'page')} so far</span>
        <span>{countOf(stats.items, 'item')}</span>
        {stats.retries > 0 ? <span className="text-retry">{countOf(stats.retries, 'retry', 'retries')}</span> : null}
        <span className="ml-auto text-12 text-ink-3">
          started <TimeAgo at={run.started_at ?? run.created_at} />
        </span>
      </p>
    </li>
  )
}
