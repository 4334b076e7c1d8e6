import Link from 'next/link'
import type { ExecutionSummary } from '@/domain/api/executions'
import type { PlaybookSummary } from '@/domain/api/playbooks'
import { TimeAgo } from '@/components/ui/time-ago'
import { RunSparks } from './run-sparks'

/** One playbook: its name, what it is for, and its last runs. */
export function PlaybookLine({ playbook, runs }: { playbook: PlaybookSummary; runs: readonly ExecutionSummary[] }) {
  const name = playbook.path.slice(playbook.path.lastIndexOf('/') + 1)
  const last = runs[0]
  return (
    <li className="relative flex h-9 items-center gap-4 border-b border-line/60 px-3 hover:bg-ink/3 sm:px-5">
      <Link
        href={`/playbooks/edit/${playbook.path}`}
        className="w-64 shrink-0 truncate font-medium after:absolute after:inset-0 max-sm:w-auto max-sm:flex-1"
      >
        {name}
      </Link>
      <span className="min-w-0 flex-1 truncate text-ink-2 max-sm:hidden" title={playbook.description ?? undefined}>
        {playbook.description}
      </span>
      <span className="relative flex w-44 shrink-0 justify-end max-sm:w-auto">
        <RunSparks runs={runs.slice(0, 20)} />
      </span>
      <span className="w-24 shrink-0 text-right text-12 text-ink-3 max-sm:hidden">
        {last === undefined ? 'never run' : <TimeAgo at={last.created_at} />}
      </span>
      <span className="w-10 shrink-0 text-right text-12 text-ink-3 max-sm:hidden">v{playbook.version}</span>
    </li>
  )
}
