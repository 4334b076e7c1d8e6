'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { schedulesQuery } from '@/components/schedules/queries'
import { countOf } from '@/components/ui/format'
import { ZoneTime } from '@/components/ui/zone-time'

/** How else a playbook is started, and who is told: links to those pages, and the next time it runs by itself. */
export function StartsByItself({ path }: { path: string }) {
  const schedules = useQuery(schedulesQuery(path)).data?.items ?? []
  const [next] = schedules
    .flatMap(({ next_run_at: at, time_zone: zone }) => (at === null ? [] : [{ at, zone }]))
    .toSorted((a, b) => a.at.localeCompare(b.at))
  return (
    <section aria-label="Starts by itself">
      <h2 className="pb-1 text-12 text-ink-3">Starts by itself</h2>
      <ul className="space-y-1 text-12">
        <li>
          <Link href={`/playbooks/schedules/${path}`} className="text-accent underline">
            {schedules.length === 0 ? 'Schedules' : countOf(schedules.length, 'schedule')}
          </Link>
          {next === undefined ? null : (
            <span className="text-ink-2">
              , next <ZoneTime at={next.at} timeZone={next.zone} />
            </span>
          )}
        </li>
        <li>
          <Link href={`/playbooks/webhook/${path}`} className="text-accent underline">
            Webhooks and notices
          </Link>
        </li>
      </ul>
    </section>
  )
}
