'use client'
import { useQuery } from '@tanstack/react-query'
import { problemOf } from '@/components/api/problem-of'
import { executionPlaybookQuery } from '@/components/api/queries'
import { CodeView } from '@/components/editor/code-view'
import { CopyButton } from '@/components/ui/copy-button'
import { ProblemNote } from '@/components/ui/problem-note'

/** The text this run started with; it stays the same whatever is saved later. */
export function RanPlaybook({ id }: { id: string }) {
  const query = useQuery(executionPlaybookQuery(id))
  if (query.isError) {
    return (
      <div className="p-4">
        <ProblemNote problem={problemOf(query.error)} />
      </div>
    )
  }
  return (
    <section aria-label="Playbook" className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-10 shrink-0 items-center gap-3 border-b border-line px-3 text-ink-2 sm:px-5">
        {query.data === undefined ? '…' : versionWords(query.data.version)}
        <span className="ml-auto">
          {query.data === undefined ? null : <CopyButton label="Copy" text={() => query.data.content} />}
        </span>
      </div>
      <div className="min-h-0 flex-1">
        {query.data === undefined ? (
          <div className="skeleton m-4 h-40" />
        ) : (
          <CodeView label="Playbook that ran" language="yaml" text={query.data.content} />
        )}
      </div>
    </section>
  )
}

const versionWords = (version: number | null): string =>
  version === null ? 'The text that ran; it is not a saved version.' : `The text that ran: version ${version}.`
