'use client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { createLiveExecution, type LiveExecution } from './live-execution'

/** The live state of one execution, for as long as the component is on screen; `goOn` follows it again after a retry. */
export function useLiveExecution(id: string): LiveExecution & { goOn: () => void } {
  const [store] = useState(() => createLiveExecution(id))
  useEffect(() => store.follow(), [store])
  const live = useSyncExternalStore(store.subscribe, store.read, store.read)
  return { ...live, goOn: store.goOn }
}
