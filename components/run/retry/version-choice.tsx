'use client'
import { useQuery } from '@tanstack/react-query'
import { executionPlaybookQuery, playbookQuery } from '@/components/api/queries'
import { problemOf } from '@/components/api/problem-of'
import { countOf } from '@/components/ui/format'
import { ProblemNote } from '@/components/ui/problem-note'
import { TextDiff } from '@/components/ui/text-diff'
import { lineDiff } from '@/domain/execution/line-diff'

export type Version = 'ran' | 'newest'

/** `newest`: the number of the newest saved version; null when none is saved. */
type Props = { execution: string; newest: number | null; value: Version; onChange: (version: Version) => void }

/** Which text to run: as it ran, or the newest saved version, with what differs between them. */
export function VersionChoice({ execution, newest: number, value, onChange }: Props) {
  const ran = useQuery(executionPlaybookQuery(execution)).data
  const newest = useQuery({ ...playbookQuery(ran?.path ?? ''), enabled: ran !== undefined && number !== null })
  if (number === null) return <p className="text-12 text-ink-3">No version of this playbook is saved.</p>
  if (newest.isError) return <ProblemNote problem={problemOf(newest.error)} />
  if (ran === undefined || newest.data === undefined) return <div className="skeleton h-6" />
  const changes = lineDiff(ran.content, newest.data.content).flatMap((part) =>
    part === null || part.kind === 'same' ? [] : part.lines,
  ).length
  if (changes === 0) return <p className="text-12 text-ink-3">What ran is the newest version, {newest.data.version}.</p>
  const options = [
    { version: 'ran' as const, label: `${ran.version === null ? 'The text' : `Version ${ran.version}`}, as it ran` },
    {
      version: 'newest' as const,
      label: `Version ${newest.data.version}, the newest: ${countOf(changes, 'line')} changed`,
    },
  ]
  return (
    <fieldset className="min-w-0 space-y-1">
      <legend className="sr-only">Version</legend>
      {options.map(({ version, label }) => (
        <label key={version} className="flex items-center gap-2">
          <input
            type="radio"
            name="version"
            className="accent-accent"
            checked={value === version}
            onChange={() => onChange(version)}
          />
          {label}
        </label>
      ))}
      {value === 'newest' ? (
        <TextDiff label="What changed in the playbook" before={ran.content} after={newest.data.content} />
      ) : null}
    </fieldset>
  )
}
