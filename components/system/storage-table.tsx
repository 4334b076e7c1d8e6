import Link from 'next/link'
import type { PlaybookStorage } from '@/domain/api/retention'
import { countOf, formatBytes, formatCount } from '@/components/ui/format'
import { TimeAgo } from '@/components/ui/time-ago'
import { RetentionButton } from './retention-button'
import { keptWords } from './words'

/** What the runs of each playbook take, what is kept of them, and what was removed. */
export function StorageTable({ playbooks }: { playbooks: readonly PlaybookStorage[] | null }) {
  if (playbooks === null || playbooks.length === 0) {
    return (
      <p className="border-y border-line/60 px-3 py-2 text-ink-2 sm:px-5">
        {playbooks === null ? 'Not known while the database does not answer.' : 'No run has ended yet.'}
      </p>
    )
  }
  return (
    <ul className="border-t border-line/60">
      {playbooks.map((playbook) => (
        <li
          key={playbook.path}
          className="flex items-center gap-x-4 gap-y-1 border-b border-line/60 px-3 py-1.5 max-sm:flex-wrap sm:px-5"
        >
          <Link
            href={`/runs?path=${encodeURIComponent(playbook.path)}`}
            className="min-w-0 flex-1 truncate font-mono text-13 hover:underline max-sm:w-full max-sm:flex-none"
            title={playbook.path}
          >
            {playbook.path}
          </Link>
          <span className="shrink-0 text-right sm:w-32">{countOf(playbook.executions, 'run')}</span>
          <span className="shrink-0 text-right sm:w-20">{formatBytes(playbook.bytes)}</span>
          <span className="min-w-0 shrink-0 text-ink-2 sm:w-72">
            keeps {keptWords(playbook)}
            <Removed playbook={playbook} />
          </span>
          <span className="ml-auto">
            <RetentionButton path={playbook.path} policy={playbook} />
          </span>
        </li>
      ))}
    </ul>
  )
}

function Removed({ playbook: { removed, last_removed_at: at } }: { playbook: PlaybookStorage }) {
  if (at === null) return <></>
  return (
    <span className="block text-12 text-ink-3">
      {formatCount(removed.executions)} removed, {formatBytes(removed.bytes)}, last <TimeAgo at={at} />
    </span>
  )
}
