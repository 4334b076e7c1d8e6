'use client'
import type { KeyboardEvent } from 'react'

export type Tab<Id extends string> = { id: Id; label: string; count?: string }

/** One choice of views; arrows move between them. `controls` is the id of the panel they switch. */
export function Tabs<Id extends string>({
  tabs,
  active,
  onChange,
  label,
  controls,
}: {
  tabs: readonly Tab<Id>[]
  active: Id
  onChange: (id: Id) => void
  label: string
  controls: string
}) {
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const at = tabs.findIndex((tab) => tab.id === active)
    const next = tabs[(at + step + tabs.length) % tabs.length]
    if (next === undefined) return
    onChange(next.id)
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus()
  }
  return (
    <div role="tablist" tabIndex={-1} aria-label={label} onKeyDown={move} className="flex h-9 items-stretch gap-4">
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          data-tab={tab.id}
          aria-selected={tab.id === active}
          aria-controls={controls}
          tabIndex={tab.id === active ? 0 : -1}
          onClick={() => onChange(tab.id)}
          className="-mb-px inline-flex items-center gap-1.5 border-b-2 border-transparent text-ink-2 transition-colors hover:text-ink aria-selected:border-accent aria-selected:text-ink"
        >
          {tab.label}
          {tab.count === undefined ? null : <span className="text-12 text-ink-3">{tab.count}</span>}
        </button>
      ))}
    </div>
  )
}
