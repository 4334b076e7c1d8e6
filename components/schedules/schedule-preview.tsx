'use client'
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { problemOf } from '@/components/api/problem-of'
import { ZoneTime } from '@/components/ui/zone-time'
import { cronWords } from './cron-words'
import { previewQuery } from './queries'

/** The next five times of what is being written, or what is wrong with it. */
export function SchedulePreview({ cron, timeZone }: { cron: string; timeZone: string }) {
  const asked = useDeferredValue(cron)
  const query = useQuery(previewQuery(asked, timeZone))
  const words = query.data?.problem ? null : cronWords(cron.trim())
  return (
    <section aria-label="Next five times" className="min-h-36">
      <h2 className="pb-2 text-12 text-ink-3">Next five times{words === null ? '' : `, ${words}`}</h2>
      {query.isPending ? <div role="status" aria-busy="true" aria-label="Loading" className="skeleton h-24" /> : null}
      {query.isError ? <p className="text-failed">{problemOf(query.error).detail}</p> : null}
      {query.data?.problem ? (
        <p role="status" className="max-w-[72ch] text-failed">
          {query.data.problem.message}
        </p>
      ) : null}
      {query.isSuccess ? (
        <ol className="space-y-1">
          {query.data.times.map((at) => (
            <li key={at}>
              <ZoneTime at={at} timeZone={query.isPlaceholderData ? 'UTC' : timeZone} />
            </li>
          ))}
        </ol>
      ) : null}
    </section>
  )
}
