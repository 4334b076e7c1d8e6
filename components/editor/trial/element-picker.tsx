'use client'
import { useState } from 'react'
import type { TestedElement } from '@/domain/api/playbook-test'
import { formatCount } from '@/components/ui/format'

type Props = {
  element: TestedElement
  index: number
  isDisabled: boolean
  onChange: (index: number) => void
}

/** The element of the loop: by its label where there are few, by its number where there are many. */
export function ElementPicker({ element, index, isDisabled, onChange }: Props) {
  if (element.count > element.labels.length)
    return <ElementNumber key={index} count={element.count} index={index} isDisabled={isDisabled} onChange={onChange} />
  return (
    <label className="inline-flex items-center">
      <span className="sr-only">Element</span>
      <select
        value={index}
        disabled={isDisabled}
        onChange={(event) => onChange(Number(event.target.value))}
        className="h-6 max-w-56 truncate rounded-md border border-line bg-panel px-1.5 text-12"
      >
        {element.labels.map((label, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- its place is what tells an element from its namesakes
          <option key={at} value={at}>
            {label}
          </option>
        ))}
      </select>
    </label>
  )
}

function ElementNumber({ count, index, isDisabled, onChange }: Omit<Props, 'element'> & { count: number }) {
  const [text, setText] = useState(String(index))
  const chosen = /^\d+$/.test(text) && Number(text) < count ? Number(text) : null
  return (
    <form
      className="inline-flex items-center gap-1.5 text-12"
      onSubmit={(event) => {
        event.preventDefault()
        if (chosen !== null) onChange(chosen)
      }}
    >
      <label htmlFor="trial-element">element</label>
      <input
        id="trial-element"
        inputMode="numeric"
        value={text}
        disabled={isDisabled}
        aria-invalid={chosen === null}
        onChange={(event) => setText(event.target.value)}
        className="h-6 w-20 rounded-md border border-line bg-panel px-1.5 tabular-nums"
      />
      <span className="text-ink-3">0 to {formatCount(count - 1)}</span>
    </form>
  )
}
