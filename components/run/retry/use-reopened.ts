'use client'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { ExecutionAnswer } from '@/domain/api/executions'
import { executionQuery } from '@/components/api/queries'
import type { LiveExecution } from '../live-execution'

/** A stream that has ended tells nothing of a retry somewhere else: so often is asked instead, while the page is in sight. */
const ASK_MS = 3_000

/** What else is known of a run (its retries); follows it again when it was opened again elsewhere. */
export function useReopened(id: string, live: LiveExecution & { goOn: () => void }): ExecutionAnswer | undefined {
  const { view, connection, goOn } = live
  const hasEnded = connection.state === 'ended'
  const { data } = useQuery({ ...executionQuery(id), refetchInterval: hasEnded ? ASK_MS : 30_000 })
  const hasMore = hasEnded && view !== null && data !== undefined && data.last_seq > view.seq
  useEffect(() => {
    if (hasMore) goOn()
  }, [hasMore, goOn])
  return data
}
