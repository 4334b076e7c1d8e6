'use client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { problemOf } from '@/components/api/problem-of'
import { Button } from '@/components/ui/button'
import { ProblemNote } from '@/components/ui/problem-note'
import { DueOutcome } from './due-outcome'
import { scheduleRunsQuery } from './queries'

/** The due times of a schedule, newest first. */
export function ScheduleHistory({ id, zone }: { id: string; zone: string }) {
  const query = useInfiniteQuery(scheduleRunsQuery(id))
  const runs = query.data?.pages.flatMap(({ items }) => items) ?? []
  if (query.isPending) return <div role="status" aria-label="Loading" aria-busy="true" className="skeleton mt-2 h-14" />
  if (query.isError) return <ProblemNote problem={problemOf(query.error)} />
  if (runs.length === 0) return <p className="pt-2 text-ink-3">It has not been due yet.</p>
  return (
    <>
      <ul aria-label="Due times" className="mt-2 border-t border-line/60">
        {runs.map((run) => (
          <li key={run.due_at} className="border-b border-line/60 py-1.5">
            <DueOutcome run={run} zone={zone} />
          </li>
        ))}
      </ul>
      {query.hasNextPage ? (
        <Button kind="quiet" className="mt-1" onClick={() => void query.fetchNextPage()}>
          Older
        </Button>
      ) : null}
    </>
  )
}
