'use client'
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { executionQuery } from '@/components/api/queries'
import { TextDiff } from '@/components/ui/text-diff'
import type { Json } from '@/domain/json'
import { readWorkload } from './read-workload'

type Props = {
  execution: string
  /** What the new run would take by itself. */
  workload: Record<string, Json>
  /** What somebody wrote instead; null for nothing yet. */
  text: string | null
  error: string | null
  onChange: (text: string | null) => void
}

/** The inputs of a new run, to be changed; and how they differ from those of the run before. */
export function RetryInputs({ execution, workload, text, error, onChange }: Props) {
  const id = useId()
  const ran = useQuery(executionQuery(execution)).data
  const own = JSON.stringify(workload, null, 2)
  const shown = text ?? own
  const before = ran === undefined ? null : canonical(ran.workload)
  const after = canonical(text === null ? workload : readWorkload(text).workload)
  return (
    <div className="space-y-1.5">
      <div className="flex items-baseline gap-2">
        <label htmlFor={id} className="text-12 text-ink-3">
          Inputs, JSON or YAML
        </label>
        {text === null || text === own ? null : (
          <button type="button" onClick={() => onChange(null)} className="ml-auto text-12 text-accent hover:underline">
            Reset
          </button>
        )}
      </div>
      <textarea
        id={id}
        value={shown}
        rows={Math.min(10, Math.max(3, shown.split('\n').length))}
        spellCheck={false}
        aria-invalid={error !== null}
        aria-describedby={`${id}-note`}
        onChange={(event) => onChange(event.target.value === own ? null : event.target.value)}
        className={`w-full rounded-md border bg-panel px-2 py-1 font-mono text-12 leading-4 ${error === null ? 'border-line' : 'border-failed'}`}
      />
      <p
        id={`${id}-note`}
        role={error === null ? undefined : 'alert'}
        className={`text-12 ${error === null ? 'text-ink-3' : 'text-failed'}`}
      >
        {error ?? 'A value that is changed here is data: {{ }} in it is not evaluated.'}
      </p>
      {before === null || before === after || error !== null ? null : (
        <TextDiff label="What changed in the inputs" before={before} after={after} />
      )}
    </div>
  )
}

/** Keys in one order, so that only values differ. */
const canonical = (value: unknown): string => JSON.stringify(sorted(value), null, 2)

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]))
}
