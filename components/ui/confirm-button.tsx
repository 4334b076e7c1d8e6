'use client'
import { useState } from 'react'
import { Button } from './button'

/** A button that asks back in its own place, for what can't be undone. */
export function ConfirmButton({
  label,
  question,
  confirm,
  onConfirm,
}: {
  label: string
  question: string
  confirm: string
  onConfirm: () => void
}) {
  const [isAsking, setAsking] = useState(false)
  if (!isAsking) {
    return (
      <Button kind="quiet" onClick={() => setAsking(true)}>
        {label}
      </Button>
    )
  }
  return (
    <span role="group" aria-label={question} className="inline-flex flex-wrap items-center gap-2">
      <span className="text-ink-2">{question}</span>
      <Button
        onClick={() => {
          setAsking(false)
          onConfirm()
        }}
      >
        {confirm}
      </Button>
      <Button kind="quiet" onClick={() => setAsking(false)}>
        Keep it
      </Button>
    </span>
  )
}
