'use client'
import { Search } from 'lucide-react'

/** A filter over what is listed below it; "/" moves here. */
export function SearchField({
  label,
  value,
  onChange,
}: {
  label: string
  value: string
  onChange: (value: string) => void
}) {
  return (
    <label className="relative inline-flex h-7 min-w-0 items-center">
      <span className="sr-only">{label}</span>
      <Search aria-hidden size={13} className="pointer-events-none absolute left-2 text-ink-3" />
      <input
        type="search"
        data-find
        value={value}
        placeholder={label}
        onChange={(event) => onChange(event.target.value)}
        className="h-7 w-52 max-w-full rounded-md border border-line bg-panel pr-2 pl-7 text-13 placeholder:text-ink-3"
      />
    </label>
  )
}
