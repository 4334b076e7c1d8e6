import type { ReactNode } from 'react'
import { StatusShape } from './status-shape'

type Place = { path: string; line?: number | undefined; column?: number | undefined; message: string }
export type ProblemWords = {
  title: string
  detail: string
  hint?: string | undefined
  errors?: readonly Place[] | undefined
}

/** A failure in words: what happened, where, and what to do. */
export function ProblemNote({ problem, action }: { problem: ProblemWords; action?: ReactNode }) {
  const places = problem.errors ?? []
  return (
    <div role="alert" className="flex gap-2.5 rounded-md border border-failed/45 bg-failed/5 p-3">
      <span className="pt-1 text-failed">
        <StatusShape tone="failed" />
      </span>
      <div className="min-w-0 space-y-1">
        <p className="font-medium">{problem.title}</p>
        <p className="max-w-[72ch] break-words text-ink-2">{problem.detail}</p>
        {places.length === 0 ? null : (
          <ul className="space-y-0.5">
            {places.map((place) => (
              <li key={`${place.path}:${place.line}:${place.column}:${place.message}`} className="text-12 text-ink-2">
                <span className="font-mono">{whereOf(place)}</span> {place.message}
              </li>
            ))}
          </ul>
        )}
        {problem.hint === undefined ? null : <p className="max-w-[72ch] text-ink-2">{problem.hint}</p>}
        {action}
      </div>
    </div>
  )
}

const whereOf = ({ path, line, column }: Place): string =>
  [path, line === undefined ? '' : `line ${line}${column === undefined ? '' : `:${column}`}`].filter(Boolean).join(' ')
