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
    <li className="relative grid h-9 grid-cols-[112px_minmax(0,1fr)_auto] items-center gap-x-4 border-b border-line/60 px-3 hover:bg-ink/3 max-sm:h-14 max-sm:content-center sm:flex sm:px-5">
      <span className="shrink-0 sm:w-32">
        <StatusMark status={run.status} />
      </span>
      <Link
        href={`/runs/${run.execution_id}`}
        className="min-w-0 truncate font-mono text-12 after:absolute after:inset-0 sm:flex-1"
        title={run.path}
      >
        <PathText path={run.path} />
      </Link>
      <span className="shrink-0 text-right font-mono text-12 text-ink-3 sm:w-14">#{run.execution_id}</span>
      <span className="w-12 shrink-0 text-12 text-ink-3 max-md:hidden">
        {run.version === null ? 'draft' : `v${run.version}`}
      </span>
      <span className="shrink-0 text-right max-sm:order-last max-sm:col-start-2 max-sm:text-left max-sm:text-12 max-sm:text-ink-2 sm:w-44">
        {countOf(stats.pages, 'page')} · {countOf(stats.items, 'item')}
      </span>
      <span className={`w-16 shrink-0 text-right max-md:hidden ${stats.failed > 0 ? 'text-failed' : 'text-ink-3'}`}>
        {stats.failed > 0 ? `${formatCount(stats.failed)} failed` : ''}
      </span>
      <span className="w-20 shrink-0 text-right text-ink-2 max-lg:hidden">
        {took === null ? '' : formatDuration(took)}
      </span>
      <span className="shrink-0 text-12 text-ink-3 max-sm:order-last sm:w-22 sm:text-right">
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
      <span className="text-ink-3 max-sm:hidden">{path.slice(0, cut)}</span>
      {path.slice(cut)}
    </>
  )
}
