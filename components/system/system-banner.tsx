'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { StatusShape } from '@/components/ui/status-shape'
import { systemQuery } from './queries'

/** One line over every page while something that runs need is not there; nothing otherwise. */
export function SystemBanner() {
  const { data } = useQuery(systemQuery)
  const wrong = data?.checks.find(({ ok }) => !ok)
  return (
    <div role="status" aria-label="System">
      {wrong === undefined ? null : (
        <p className="flex items-center gap-2 border-b border-failed/45 bg-failed/5 px-4 py-2 text-13 sm:px-5">
          <span className="text-failed">
            <StatusShape tone="failed" />
          </span>
          <span className="min-w-0">
            {wrong.part === 'database' ? sentence(wrong.detail) : `The ${wrong.part}: ${wrong.detail}.`}
          </span>
          <Link href="/system" className="ml-auto shrink-0 text-accent hover:underline">
            What to do
          </Link>
        </p>
      )}
    </div>
  )
}

const sentence = (detail: string): string => (detail.startsWith('The ') ? detail : `The database: ${detail}.`)
