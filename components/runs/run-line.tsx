import Link from 'next/link'
import type { ExecutionSummary } from '@/domain/api/executions'
import { countOf, formatCount, formatDuration } from '@/components/ui/format'
import { StatusMark } from '@/components/ui/status-mark'
import { TimeAgo } from '@/components/ui/time-ago'

/** One run in a list: state, playbook, what it came to, when. The whole line leads to it. */
export function RunLine({ run }: { run: ExecutionSummary }) {
  const { stats } = run
  const took =
    run.started_at !== null && run.ended_at !== null ? Date.parse(run.ended_at) - Date.parse(run.started_at) : null
  return (
    <li className="group relative flex h-9 items-center gap-4 border-b border-line/60 px-3 hover:bg-ink/3 sm:px-5 max-sm:h-14 max-sm:flex-wrap max-sm:content-center max-sm:gap-x-3 max-sm:gap-y-0">
      <span className="w-32 shrink-0 max-sm:w-28">
        <StatusMark status={run.status} />
      </span>
      <Link
        href={`/runs/${run.execution_id}`}
        className="min-w-0 flex-1 truncate font-mono text-12 after:absolute after:inset-0"
        title={run.path}
      >
        <PathText path={run.path} />
      </Link>
      <span className="w-12 shrink-0 text-right font-mono text-12 text-ink-3">#{run.execution_id}</span>
      <span className="w-14 shrink-0 text-12 text-ink-3 max-sm:hidden">
        {run.version === null ? 'draft' : `v${run.version}`}
      </span>
      <span className="w-20 shrink-0 text-right max-md:hidden">{countOf(stats.pages, 'page')}</span>
      <span className="w-24 shrink-0 text-right max-sm:hidden">{countOf(stats.items, 'item')}</span>
      <span className={`w-16 shrink-0 text-right max-md:hidden ${stats.failed > 0 ? 'text-failed' : 'text-ink-3'}`}>
        {stats.failed > 0 ? `${formatCount(stats.failed)} failed` : ''}
      </span>
      <span className="w-20 shrink-0 text-right text-ink-2 max-md:hidden">
        {took === null ? '' : formatDuration(took)}
      </span>
      <span className="w-24 shrink-0 text-right text-12 text-ink-3 max-sm:w-auto max-sm:flex-1 max-sm:text-left">
        <TimeAgo at={run.started_at ?? run.created_at} />
      </span>
    </li>
  )
}

/** The last part of a path is its name; the folders before it matter less. */
function PathText({ path }: { path: string }) {
  const cut = path.lastIndexOf('/') + 1
  return (
    <>
      <span className="text-ink-3">{path.slice(0, cut)}</span>
      {path.slice(cut)}
    </>
  )
}
