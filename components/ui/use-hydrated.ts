'use client'
import { useSyncExternalStore } from 'react'

const never = (): (() => void) => () => undefined

/**
 * False while a component takes over what the server sent, which holds no data. The frame around a page is taken over before
 * it, so a query that both ask may have its answer by then, and what is drawn of it would not be what the server sent.
 */
export const useHydrated = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
