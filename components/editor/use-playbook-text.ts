'use client'
import { useCallback, useEffect, useRef, useState } from 'react'
import { dropDraft, keepDraft, readDraft } from './draft'

export type PlaybookText = {
  text: string
  /** What the editor starts with; changes only when the text is replaced from outside. */
  initialText: string
  /** When the restored draft was written; null when the text came from the server. */
  draftAt: number | null
  isChanged: boolean
  change: (text: string) => void
  discard: () => void
  /** Call after the text was saved as a version. */
  settle: () => void
}

const KEEP_AFTER_MS = 400

/** The text being edited, kept as a draft in this browser until it is saved. */
export function usePlaybookText(path: string | null, saved: string, version: number | null): PlaybookText {
  const [draft] = useState(() => {
    const kept = readDraft(path)
    return kept !== null && kept.text !== saved ? kept : null
  })
  const [base, setBase] = useState(saved)
  const [initialText, setInitialText] = useState(draft?.text ?? saved)
  const [text, setText] = useState(initialText)
  const [draftAt, setDraftAt] = useState(draft?.at ?? null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const change = useCallback(
    (next: string) => {
      setText(next)
      clearTimeout(timer.current)
      timer.current = setTimeout(() => {
        if (next === saved) return dropDraft(path)
        keepDraft(path, { text: next, at: Date.now(), baseVersion: version })
      }, KEEP_AFTER_MS)
    },
    [path, saved, version],
  )
  const forget = () => {
    clearTimeout(timer.current)
    dropDraft(path)
    setDraftAt(null)
  }
  return {
    text,
    initialText,
    draftAt,
    isChanged: text !== base,
    change,
    discard: () => {
      forget()
      setText(base)
      setInitialText(base)
    },
    settle: () => {
      forget()
      setBase(text)
    },
  }
}
