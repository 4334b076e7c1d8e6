import Link from 'next/link'
import type { ScheduleRun } from '@/domain/api/schedules'
import { countOf } from '@/components/ui/format'
import { StatusMark } from '@/components/ui/status-mark'
import { ZoneTime } from '@/components/ui/zone-time'

/** A due time and what became of it, with the run it started. */
export function DueOutcome({ run, zone }: { run: ScheduleRun; zone: string }) {
  const { execution_id: execution, execution_status: status } = run
  return (
    <span className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
      <ZoneTime at={run.due_at} timeZone={zone} />
      <StatusMark status={run.status === 'STARTED' ? (status ?? 'COMPLETED') : run.status} />
      {execution === null ? null : (
        <Link href={`/runs/${execution}`} className="font-mono text-12 text-accent hover:underline">
          #{execution}
        </Link>
      )}
      <span className="text-ink-3">{reasonWords(run)}</span>
    </span>
  )
}

function reasonWords({ status, reason, covers, detail }: ScheduleRun): string {
  switch (reason) {
    case null:
      return ''
    case 'asked':
      return 'started by hand'
    case 'overlap':
      return 'the run before had not ended'
    case 'paused':
      return 'the schedule was paused'
    case 'invalid':
      return `the playbook could not run: ${detail ?? 'it is not valid'}`
    case 'missed':
      return missedWords(status, covers, detail)
  }
}

function missedWords(status: ScheduleRun['status'], covers: number, detail: string | null): string {
  const times = countOf(covers, 'time')
  if (status === 'WAITING') return 'missed while nothing ran here; its turn comes when the run before has ended'
  if (status === 'STARTED') return covers === 1 ? 'made up for a missed time' : `made up for ${times} missed`
  return [`${times} missed while nothing ran here.`, detail].filter(Boolean).join(' ')
}
