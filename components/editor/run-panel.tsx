'use client'
import { useInfiniteQuery } from '@tanstack/react-query'
import Link from 'next/link'
import type { Problem } from '@/domain/api/problem'
import type { WorkloadInput } from '@/domain/playbook/workload-inputs'
import { executionsQuery } from '@/components/api/queries'
import { countOf } from '@/components/ui/format'
import { ProblemNote } from '@/components/ui/problem-note'
import { StatusMark } from '@/components/ui/status-mark'
import { TimeAgo } from '@/components/ui/time-ago'
import { InputForm } from './input-form'
import type { EditedInputs } from './input-values'
import { StartsByItself } from './starts-by-itself'

type Props = {
  path: string | null
  version: number | null
  isChanged: boolean
  isReadable: boolean
  inputs: readonly WorkloadInput[]
  edited: EditedInputs
  errors: Readonly<Record<string, string>>
  problem: Problem | null
  onEdit: (key: string, text: string | null) => void
}

/** Beside the text: what a run takes, what it will run, and how the last ones went. */
export function RunPanel({ path, version, isChanged, isReadable, inputs, edited, errors, problem, onEdit }: Props) {
  return (
    <aside
      aria-label="Run"
      className="flex w-[340px] shrink-0 flex-col gap-5 overflow-y-auto border-l border-line p-4 max-sm:w-auto max-sm:overflow-visible max-sm:border-t max-sm:border-l-0"
    >
      {problem === null ? null : <ProblemNote problem={problem} />}
      <section aria-label="Inputs">
        <h2 className="pb-2 text-12 text-ink-3">Inputs of the run</h2>
        {isReadable ? (
          <InputForm inputs={inputs} edited={edited} errors={errors} onEdit={onEdit} />
        ) : (
          <p className="text-ink-2">They appear here once the errors in the text are gone.</p>
        )}
        <p className="pt-3 text-12 text-ink-3">
          {isChanged || version === null
            ? 'Runs exactly the text shown, without saving it.'
            : `Runs version ${version}, exactly as shown.`}
        </p>
      </section>
      {path === null ? null : <LastRuns path={path} />}
      {path === null ? null : <StartsByItself path={path} />}
    </aside>
  )
}

function LastRuns({ path }: { path: string }) {
  const query = useInfiniteQuery(executionsQuery({ path, limit: 8 }))
  const runs = query.data?.pages[0]?.items ?? []
  return (
    <section aria-label="Last runs">
      <h2 className="flex pb-1 text-12 text-ink-3">
        Last runs
        <Link href={`/runs?path=${encodeURIComponent(path)}`} className="ml-auto text-accent hover:underline">
          All
        </Link>
      </h2>
      {query.isSuccess && runs.length === 0 ? <p className="text-ink-3">It has not run yet.</p> : null}
      <ul>
        {runs.map((run) => (
          <li key={run.execution_id} className="relative flex h-7 items-center gap-3 text-12 hover:bg-ink/3">
            <Link href={`/runs/${run.execution_id}`} className="after:absolute after:inset-0">
              <StatusMark status={run.status} />
            </Link>
            <span className="ml-auto text-ink-2">{countOf(run.stats.items, 'item')}</span>
            <span className="w-16 text-right text-ink-3">
              <TimeAgo at={run.created_at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
