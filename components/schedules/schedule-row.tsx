'use client'
import { useState } from 'react'
import type { ScheduleAnswer } from '@/domain/api/schedules'
import { policyWords } from '@/domain/schedule/policy-words'
import { Button } from '@/components/ui/button'
import { ConfirmButton } from '@/components/ui/confirm-button'
import { formatIn } from '@/components/ui/format'
import { StatusMark } from '@/components/ui/status-mark'
import { useNow } from '@/components/ui/use-now'
import { ZoneTime } from '@/components/ui/zone-time'
import { cronWords } from './cron-words'
import { DueOutcome } from './due-outcome'
import { ScheduleHistory } from './schedule-history'
import { useScheduleActions } from './use-schedule-actions'

/** One schedule: when it runs next, how its last time went, and what can be done about it. */
export function ScheduleRow({ schedule, onEdit }: { schedule: ScheduleAnswer; onEdit: () => void }) {
  const [isOpen, setOpen] = useState(false)
  const actions = useScheduleActions(schedule)
  const { schedule_id: id, cron, time_zone: zone, paused, last_run: last, next_run_at: next } = schedule
  const words = cronWords(cron)
  const historyId = `history-${id}`
  return (
    <li aria-label={`Schedule ${cron}, ${zone}`} className="border-b border-line/60 px-3 py-3 sm:px-5">
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <span className="font-mono text-14 font-medium">{cron}</span>
        {words === null ? null : <span className="text-ink-2">{words}</span>}
        <span className="text-ink-2">{zone}</span>
        <span className="text-12 text-ink-3">{policyWords(schedule)}</span>
      </div>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 pt-2 sm:max-w-[72ch]">
        <dt className="text-ink-3">Next</dt>
        <dd>{paused || next === null ? <StatusMark status="PAUSED" /> : <Next at={next} zone={zone} />}</dd>
        <dt className="text-ink-3">Last</dt>
        <dd>{last === null ? <span className="text-ink-3">none yet</span> : <DueOutcome run={last} zone={zone} />}</dd>
      </dl>
      <div className="-ml-2.5 flex flex-wrap items-center gap-1 pt-2">
        <Button kind="quiet" aria-expanded={isOpen} aria-controls={historyId} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Hide history' : 'History'}
        </Button>
        <Button kind="quiet" disabled={actions.isBusy} onClick={actions.runNow}>
          Run now
        </Button>
        <Button kind="quiet" disabled={actions.isBusy} onClick={() => actions.pause(!paused)}>
          {paused ? 'Resume' : 'Pause'}
        </Button>
        <Button kind="quiet" onClick={onEdit}>
          Edit
        </Button>
        <ConfirmButton
          label="Delete"
          question="Its runs stay."
          confirm="Delete the schedule"
          onConfirm={actions.remove}
        />
      </div>
      <div id={historyId}>{isOpen ? <ScheduleHistory id={id} zone={zone} /> : null}</div>
    </li>
  )
}

function Next({ at, zone }: { at: string; zone: string }) {
  const now = useNow(5_000)
  return (
    <>
      <ZoneTime at={at} timeZone={zone} />
      <span className="whitespace-nowrap text-ink-3"> · {formatIn(Date.parse(at), now)}</span>
    </>
  )
}
