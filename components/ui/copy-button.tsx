'use client'
import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button } from './button'

/** Copies a text and says so where it was pressed. */
export function CopyButton({ label, text }: { label: string; text: () => string }) {
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text())
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <Button kind="quiet" onClick={() => void copy()}>
      {isCopied ? <Check size={13} aria-hidden /> : <Copy size={13} aria-hidden />}
      {isCopied ? 'Copied' : label}
    </Button>
  )
}
