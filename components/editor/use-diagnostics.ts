'use client'
import { useEffect, useState } from 'react'
import { parsePlaybook } from '@/domain/playbook/parse-playbook'

export type Checked = ReturnType<typeof parsePlaybook> & { text: string }

const AFTER_MS = 180

/** The text as the server would read it, by the same code, a moment after the last key. */
export function useDiagnostics(text: string): Checked {
  const [checked, setChecked] = useState<Checked>(() => ({ ...parsePlaybook(text), text }))
  useEffect(() => {
    if (checked.text === text) return
    const timer = setTimeout(() => setChecked({ ...parsePlaybook(text), text }), AFTER_MS)
    return () => clearTimeout(timer)
  }, [text, checked.text])
  return checked
}
