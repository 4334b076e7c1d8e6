'use client'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { outsideQuery } from '@/components/api/queries'
import type { KnownOutside } from '@/domain/playbook/check/check-templates'
import { parsePlaybook } from '@/domain/playbook/parse-playbook'

export type Checked = ReturnType<typeof parsePlaybook> & { text: string; outside: KnownOutside }

const AFTER_MS = 180
const UNKNOWN: KnownOutside = { env: null, secrets: null }

/** The text as the server would read it, by the same code and with the names it knows, a moment after the last key. */
export function useDiagnostics(text: string): Checked {
  const { data: outside = UNKNOWN } = useQuery(outsideQuery)
  const [checked, setChecked] = useState<Checked>(() => check(text, outside))
  useEffect(() => {
    if (checked.text === text && checked.outside === outside) return
    const timer = setTimeout(() => setChecked(check(text, outside)), AFTER_MS)
    return () => clearTimeout(timer)
  }, [text, outside, checked.text, checked.outside])
  return checked
}

const check = (text: string, outside: KnownOutside): Checked => ({ ...parsePlaybook(text, outside), text, outside })
