'use client'
import { useEffect, useRef } from 'react'

/** What a key does; false says that it was not meant for this, and others may take it. */
type Keys = Record<string, (event: KeyboardEvent) => void | false>

/** Single keys for a screen ("j", "Escape", "?"); silent while somebody types and for keys a control uses itself. */
export function useKeys(keys: Keys): void {
  const current = useRef(keys)
  useEffect(() => {
    current.current = keys
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return
      if (event.key !== 'Escape' && isTyping(event.target)) return
      if (event.key === 'Enter' && isControl(event.target)) return
      const act = current.current[event.key]
      if (act === undefined) return
      if (act(event) !== false) event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    (target.matches('input, textarea, select') && !target.matches('[type=radio], [type=checkbox]')))

const isControl = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('a, button, summary, [role=tab]')
