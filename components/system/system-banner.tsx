'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import type { ReadyCheck } from '@/domain/api/system'
import { StatusShape } from '@/components/ui/status-shape'
import { systemQuery } from './queries'

/** One line over every page while something that runs need is not there; nothing otherwise. */
export function SystemBanner() {
  const { data } = useQuery(systemQuery)
  const wrong = data === undefined ? undefined : firstCause(data.checks)
  return (
    <div role="status" aria-label="System">
      {wrong === undefined ? null : (
        <p className="flex items-center gap-2 border-b border-failed/45 bg-failed/5 px-4 py-2 text-13 sm:px-5">
          <span className="text-failed">
            <StatusShape tone="failed" />
          </span>
          <span className="min-w-0">{sentenceOf(wrong)}</span>
          <Link href="/system" className="ml-auto shrink-0 text-accent hover:underline">
            What to do
          </Link>
        </p>
      )}
    </div>
  )
}

/** Without its database neither of the others is known, and without a worker nobody hears the queue. */
function firstCause(checks: readonly ReadyCheck[]): ReadyCheck | undefined {
  const wrong = checks.filter(({ ok }) => !ok)
  return (['database', 'worker', 'queue'] as const).flatMap(
    (part) => wrong.find((check) => check.part === part) ?? [],
  )[0]
}

const sentenceOf = ({ part, detail }: ReadyCheck): string =>
  detail.startsWith('The ') ? detail : `No run can go on. The ${part}: ${detail}.`
