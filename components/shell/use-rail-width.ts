'use client'
import { useSyncExternalStore } from 'react'

const KEY = 'pageturner.rail'
const listeners = new Set<() => void>()

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Whether the rail shows only icons; remembered by the browser. */
export function useRailWidth(): { isNarrow: boolean; toggle: () => void } {
  const isNarrow = useSyncExternalStore(
    subscribe,
    () => localStorage.getItem(KEY) === 'narrow',
    () => false,
  )
  const toggle = () => {
    localStorage.setItem(KEY, isNarrow ? 'wide' : 'narrow')
    for (const listener of listeners) listener()
  }
  return { isNarrow, toggle }
}
