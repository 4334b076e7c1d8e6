'use client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { eventListSchema } from '@/domain/api/executions'
import type { ExecutionEvent } from '@/domain/execution/events'
import { requestJson } from '@/components/api/request-json'

const WINDOW = 1000

/** The log up to a snapshot, newest window first, older ones on demand; then what came over the stream. */
export function useEventHistory(id: string, snapshotSeq: number, recent: readonly ExecutionEvent[]) {
  const query = useInfiniteQuery({
    queryKey: ['events', id, snapshotSeq],
    enabled: snapshotSeq > 0,
    staleTime: Infinity,
    initialPageParam: snapshotSeq,
    queryFn: async ({ pageParam: until, signal }) => {
      const after = Math.max(0, until - WINDOW)
      const query = new URLSearchParams({ after: String(after), limit: String(Math.max(1, until - after)) })
      const { items } = await requestJson(`/api/executions/${id}/events?${query}`, eventListSchema, { signal })
      return { items: items.filter((event) => event.seq <= until), after }
    },
    getNextPageParam: (last) => (last.after > 0 ? last.after : null),
  })
  const windows = query.data?.pages
  const events = useMemo(
    () => [...(windows ?? []).toReversed().flatMap(({ items }) => items), ...recent],
    [windows, recent],
  )
  return { events, older: query.data?.pages.at(-1)?.after ?? 0, query }
}
