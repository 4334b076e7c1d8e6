'use client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { createLiveExecution, type LiveExecution } from './live-execution'

/** The live state of one execution, for as long as the component is on screen. */
export function useLiveExecution(id: string): LiveExecution {
  const [store] = useState(() => createLiveExecution(id))
  useEffect(() => store.follow(), [store])
  return useSyncExternalStore(store.subscribe, store.read, store.read)
}
