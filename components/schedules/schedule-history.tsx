'use client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { OlderList } from '@/components/api/older-list'
import { DueOutcome } from './due-outcome'
import { scheduleRunsQuery } from './queries'

/** The due times of a schedule, newest first. */
export function ScheduleHistory({ id, zone }: { id: string; zone: string }) {
  const query = useInfiniteQuery(scheduleRunsQuery(id))
  return (
    <OlderList query={query} label="Due times" empty="It has not been due yet.">
      {(run) => (
        <li key={run.due_at} className="border-b border-line/60 py-1.5">
          <DueOutcome run={run} zone={zone} />
        </li>
      )}
    </OlderList>
  )
}
