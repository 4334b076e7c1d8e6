'use client'
import Link from 'next/link'
import type { ScheduleAnswer } from '@/domain/api/schedules'
import { formatIn } from '@/components/ui/format'
import { useNow } from '@/components/ui/use-now'
import { ZoneTime } from '@/components/ui/zone-time'

/** What runs next by itself. */
export function NextSchedules({ schedules }: { schedules: readonly ScheduleAnswer[] }) {
  const now = useNow(5_000)
  return (
    <ul aria-label="Next runs" className="border-t border-line/60">
      {schedules.map(({ schedule_id: id, path, next_run_at: at, time_zone: zone }) => (
        <li
          key={id}
          className="relative flex min-h-9 flex-wrap items-center gap-x-4 border-b border-line/60 px-3 py-1 hover:bg-ink/3 sm:px-5"
        >
          <Link
            href={`/playbooks/schedules/${path}`}
            className="min-w-0 truncate font-mono text-12 after:absolute after:inset-0"
          >
            {path}
          </Link>
          {at === null ? null : (
            <span className="ml-auto text-ink-2 max-sm:ml-0 max-sm:w-full max-sm:text-12">
              <ZoneTime at={at} timeZone={zone} />
              <span className="whitespace-nowrap text-ink-3"> · {formatIn(Date.parse(at), now)}</span>
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
