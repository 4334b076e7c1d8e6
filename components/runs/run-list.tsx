'use client'
import { useInfiniteQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { problemOf } from '@/components/api/problem-of'
import { executionsQuery } from '@/components/api/queries'
import { PageHeader } from '@/components/shell/page-header'
import { Button, buttonClass } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { countOf } from '@/components/ui/format'
import { ProblemNote } from '@/components/ui/problem-note'
import { Segmented } from '@/components/ui/segmented'
import { ListSkeleton } from '@/components/ui/list-skeleton'
import { PathFilter } from './path-filter'
import { RunLine } from './run-line'

const STATUSES = ['all', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const
const OPTIONS = [
  { value: 'all', label: 'All' },
  { value: 'RUNNING', label: 'Running' },
  { value: 'COMPLETED', label: 'Completed' },
  { value: 'FAILED', label: 'Failed' },
  { value: 'CANCELLED', label: 'Cancelled' },
] as const

/** All runs, newest first; the filters are in the address and asked of the server. */
export function RunList() {
  const [{ status, path }, set] = useQueryStates({
    status: parseAsStringLiteral(STATUSES).withDefault('all'),
    path: parseAsString,
  })
  const query = useInfiniteQuery(executionsQuery({ status: status === 'all' ? null : status, path }))
  const runs = query.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <>
      <PageHeader crumbs={[{ label: 'Runs' }]}>
        <Link href="/playbooks" className={buttonClass()}>
          Run a playbook
        </Link>
      </PageHeader>
      <div className="flex h-10 shrink-0 items-center gap-3 overflow-x-auto border-b border-line px-3 [scrollbar-width:none] sm:px-5">
        <Segmented label="State" options={OPTIONS} value={status} onChange={(value) => void set({ status: value })} />
        <PathFilter path={path} onChange={(value) => void set({ path: value })} />
        <span className="ml-auto text-12 whitespace-nowrap text-ink-3 max-sm:hidden">
          {runs.length === 0 ? '' : `${countOf(runs.length, 'run')}${query.hasNextPage ? ' shown, more below' : ''}`}
        </span>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {query.isError ? (
          <div className="p-4">
            <ProblemNote problem={problemOf(query.error)} />
          </div>
        ) : null}
        {query.isPending ? <ListSkeleton rows={12} /> : null}
        {query.isSuccess && runs.length === 0 ? <NoRuns isFiltered={status !== 'all' || path !== null} /> : null}
        <ul aria-label="Runs">
          {runs.map((run) => (
            <RunLine key={run.execution_id} run={run} />
          ))}
        </ul>
        {query.hasNextPage ? (
          <div className="p-4">
            <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              Show 50 more
            </Button>
          </div>
        ) : null}
      </div>
    </>
  )
}

function NoRuns({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) return <EmptyState title="No run matches">Choose another state or path.</EmptyState>
  return (
    <EmptyState
      title="Nothing has run yet"
      action={
        <Link href="/" className={buttonClass('primary')}>
          Go to the demo
        </Link>
      }
    >
      Every run of a playbook is listed here, with its pages and items.
    </EmptyState>
  )
}
