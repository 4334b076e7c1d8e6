'use client'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import type { ReactNode } from 'react'
import type { ExecutionSummary } from '@/domain/api/executions'
import { problemOf } from '@/components/api/problem-of'
import { executionsQuery } from '@/components/api/queries'
import { RunLine } from '@/components/runs/run-line'
import { NextSchedules } from '@/components/schedules/next-schedules'
import { upcomingQuery } from '@/components/schedules/queries'
import { PageHeader } from '@/components/shell/page-header'
import { ListSkeleton } from '@/components/ui/list-skeleton'
import { ProblemNote } from '@/components/ui/problem-note'
import { FirstRun } from './first-run'
import { RunDemo } from './run-demo'
import { RunningCard } from './running-card'

/** What runs, what broke, what happened last; and before the first run, how to begin. */
export function HomeScreen() {
  const recent = useInfiniteQuery(executionsQuery({ limit: 20 }))
  const failed = useInfiniteQuery(executionsQuery({ status: 'FAILED', limit: 5 }))
  const next = useQuery(upcomingQuery).data?.items ?? []
  const runs = recent.data?.pages[0]?.items ?? []
  const running = runs.filter(({ status }) => status === 'RUNNING' || status === 'PENDING' || status === 'PAUSED')
  const broken = failed.data?.pages[0]?.items ?? []
  if (recent.isSuccess && runs.length === 0) return <FirstRun />
  return (
    <>
      <PageHeader crumbs={[{ label: 'Home' }]} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        {recent.isError ? (
          <div className="p-4">
            <ProblemNote problem={problemOf(recent.error)} />
          </div>
        ) : null}
        {running.length === 0 ? null : (
          <Block title="Running" count={running.length}>
            <ul className="grid grid-cols-[minmax(0,1fr)] gap-3 px-3 pb-2 sm:px-5 lg:grid-cols-[repeat(2,minmax(0,1fr))]">
              {running.map((run) => (
                <RunningCard key={run.execution_id} run={run} />
              ))}
            </ul>
          </Block>
        )}
        {broken.length === 0 ? null : (
          <Block title="Failed" href="/runs?status=FAILED">
            <Runs label="Failed runs" runs={broken} />
          </Block>
        )}
        {next.length === 0 ? null : (
          <Block title="Next" count={next.length}>
            <NextSchedules schedules={next} />
          </Block>
        )}
        <Block title="Recent" href="/runs">
          {recent.isPending ? (
            <ListSkeleton rows={6} />
          ) : (
            <Runs label="Recent runs" runs={runs.filter((run) => !running.includes(run)).slice(0, 12)} />
          )}
        </Block>
        <Block title="Start">
          <div className="px-3 pb-6 sm:px-5">
            <RunDemo />
          </div>
        </Block>
      </div>
    </>
  )
}

function Block({
  title,
  count,
  href,
  children,
}: {
  title: string
  count?: number
  href?: string
  children: ReactNode
}) {
  return (
    <section aria-label={title}>
      <h2 className="flex items-baseline gap-2 px-3 pt-4 pb-1.5 text-12 text-ink-3 sm:px-5">
        {title}
        {count === undefined ? null : <span>{count}</span>}
        {href === undefined ? null : (
          <Link href={href} className="ml-auto text-accent hover:underline">
            All {title === 'Recent' ? 'runs' : title.toLowerCase()}
          </Link>
        )}
      </h2>
      {children}
    </section>
  )
}

function Runs({ label, runs }: { label: string; runs: readonly ExecutionSummary[] }) {
  return (
    <ul aria-label={label} className="border-t border-line/60">
      {runs.map((run) => (
        <RunLine key={run.execution_id} run={run} />
      ))}
    </ul>
  )
}
