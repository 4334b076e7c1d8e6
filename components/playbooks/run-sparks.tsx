import Link from 'next/link'
import type { ExecutionSummary } from '@/domain/api/executions'
import { lookOf } from '@/components/ui/status'

const TALLEST_PX = 18

/** The last runs as little bars, oldest first: as tall as they took long, in the colour of how they ended. */
export function RunSparks({ runs }: { runs: readonly ExecutionSummary[] }) {
  const took = runs.map(durationOf)
  const longest = Math.max(1, ...took)
  return (
    <span className="flex h-[18px] items-end gap-px">
      {runs
        .map((run, at) => ({ run, height: Math.max(4, ((took[at] ?? 0) / longest) * TALLEST_PX) }))
        .toReversed()
        .map(({ run, height }) => {
          const { word, color } = lookOf(run.status)
          return (
            <Link
              key={run.execution_id}
              href={`/runs/${run.execution_id}`}
              tabIndex={-1}
              title={`#${run.execution_id} ${word}`}
              aria-label={`Run ${run.execution_id}, ${word}`}
              className={`flex h-[18px] w-[7px] items-end hover:opacity-70 ${color}`}
            >
              <span style={{ height }} className={`w-full bg-current ${run.status === 'FAILED' ? '' : 'opacity-60'}`} />
            </Link>
          )
        })}
    </span>
  )
}

const durationOf = ({ started_at: start, ended_at: end }: ExecutionSummary): number =>
  start === null || end === null ? 0 : Date.parse(end) - Date.parse(start)
