'use client'
import { useQuery } from '@tanstack/react-query'
import { playbooksQuery } from '@/components/api/queries'

/** Narrows the runs to those of one playbook. */
export function PathFilter({ path, onChange }: { path: string | null; onChange: (path: string | null) => void }) {
  const { data } = useQuery(playbooksQuery)
  const paths = data?.items.map((playbook) => playbook.path) ?? []
  const choices = path === null || paths.includes(path) ? paths : [path, ...paths]
  return (
    <label className="inline-flex items-center">
      <span className="sr-only">Playbook</span>
      <select
        value={path ?? ''}
        onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
        className="h-6 max-w-64 truncate rounded-md border border-line bg-panel px-1.5 text-12"
      >
        <option value="">All playbooks</option>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    </label>
  )
}
