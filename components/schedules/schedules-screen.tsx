'use client'
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { parseAsString, useQueryState } from 'nuqs'
import type { ScheduleAnswer } from '@/domain/api/schedules'
import { problemOf } from '@/components/api/problem-of'
import { playbookQuery } from '@/components/api/queries'
import { PlaybookNav } from '@/components/playbooks/playbook-nav'
import { PageHeader } from '@/components/shell/page-header'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { ListSkeleton } from '@/components/ui/list-skeleton'
import { ProblemNote } from '@/components/ui/problem-note'
import { schedulesQuery } from './queries'
import { ScheduleForm } from './schedule-form'
import { ScheduleRow } from './schedule-row'

const NEW = 'new'

/** When a playbook runs by itself, and what came of it. */
export function SchedulesScreen({ path }: { path: string }) {
  const [edited, setEdited] = useQueryState('edit', parseAsString)
  const schedules = useQuery(schedulesQuery(path))
  const playbook = useQuery(playbookQuery(path))
  const all = schedules.data?.items ?? []
  const close = () => void setEdited(null)
  const failure = playbook.error ?? schedules.error
  const form = (schedule: ScheduleAnswer | null) =>
    playbook.data === undefined ? null : <ScheduleForm playbook={playbook.data} schedule={schedule} onDone={close} />
  return (
    <>
      <PageHeader
        crumbs={[
          { label: 'Playbooks', href: '/playbooks' },
          { label: path, isCode: true },
        ]}
      >
        <Button kind="primary" disabled={playbook.data === undefined} onClick={() => void setEdited(NEW)}>
          <Plus aria-hidden size={14} />
          New schedule
        </Button>
      </PageHeader>
      <PlaybookNav path={path} current="schedules" />
      <div className="min-h-0 flex-1 overflow-y-auto">
        {failure === null ? null : (
          <div className="p-4">
            <ProblemNote problem={problemOf(failure)} />
          </div>
        )}
        {edited === NEW ? form(null) : null}
        {schedules.isPending ? <ListSkeleton rows={3} /> : null}
        {schedules.isSuccess && failure === null && all.length === 0 && edited !== NEW ? (
          <EmptyState
            title="This playbook runs only when somebody starts it"
            action={<Button onClick={() => void setEdited(NEW)}>Run it on a schedule</Button>}
          >
            A schedule starts it by the clock of a time zone, and says what it did about times that were missed.
          </EmptyState>
        ) : null}
        <ul aria-label="Schedules">
          {all.map((schedule) =>
            edited === schedule.schedule_id ? (
              <li key={schedule.schedule_id}>{form(schedule)}</li>
            ) : (
              <ScheduleRow
                key={schedule.schedule_id}
                schedule={schedule}
                onEdit={() => void setEdited(schedule.schedule_id)}
              />
            ),
          )}
        </ul>
      </div>
    </>
  )
}
