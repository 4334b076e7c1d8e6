import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { executionAnswerSchema, executionListSchema, ranPlaybookSchema } from '@/domain/api/executions'
import { pageAnswerSchema } from '@/domain/api/iterations'
import { playbookAnswerSchema, playbookListSchema, validateAnswerSchema } from '@/domain/api/playbooks'
import { rowListSchema } from '@/domain/api/results'
import type { ExecutionStatus } from '@/domain/execution/view'
import { requestJson } from './request-json'

export type ExecutionFilter = { status?: ExecutionStatus | null; path?: string | null; limit?: number }

/** The newest executions; asked again quickly while one of them runs. */
export const executionsQuery = ({ status, path, limit = 50 }: ExecutionFilter) =>
  infiniteQueryOptions({
    queryKey: ['executions', status ?? null, path ?? null, limit],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: String(limit) })
      if (status) query.set('status', status)
      if (path) query.set('path', path)
      if (pageParam) query.set('cursor', pageParam)
      return requestJson(`/api/executions?${query}`, executionListSchema, { signal })
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some((run) => MOVING.has(run.status))) ? 1000 : 4000,
  })

const MOVING: ReadonlySet<string> = new Set(['PENDING', 'RUNNING'])

export const playbooksQuery = queryOptions({
  queryKey: ['playbooks'],
  queryFn: ({ signal }) => requestJson('/api/playbooks?limit=1000', playbookListSchema, { signal }),
})

export const playbookQuery = (path: string) =>
  queryOptions({
    queryKey: ['playbook', path],
    queryFn: ({ signal }) => requestJson(`/api/playbooks/${path}`, playbookAnswerSchema, { signal }),
    refetchOnWindowFocus: false,
  })

/** What templates will find outside of a playbook, by name; asked again when somebody comes back from storing a secret. */
export const outsideQuery = queryOptions({
  queryKey: ['outside'],
  queryFn: async ({ signal }) => {
    const options = { method: 'POST', body: { content: '' }, signal } as const
    return (await requestJson('/api/playbooks/validate', validateAnswerSchema, options)).outside
  },
})

export const executionQuery = (id: string) =>
  queryOptions({
    queryKey: ['execution', id],
    queryFn: ({ signal }) => requestJson(`/api/executions/${id}`, executionAnswerSchema, { signal }),
  })

/** The text an execution started with, saved as a version or not. */
export const executionPlaybookQuery = (id: string) =>
  queryOptions({
    queryKey: ['execution-playbook', id],
    queryFn: ({ signal }) => requestJson(`/api/executions/${id}/playbook`, ranPlaybookSchema, { signal }),
    staleTime: Infinity,
  })

export type PageAddress = { execution: string; step: string; index: number; page: number }

/** One page with its request, response and tries. `stamp` changes when there is something new to read about it. */
export const pageQuery = ({ execution, step, index, page }: PageAddress, stamp: string) =>
  queryOptions({
    queryKey: ['page', execution, step, index, page, stamp],
    queryFn: ({ signal }) =>
      requestJson(
        `/api/executions/${execution}/iterations/${index}/pages/${page}?${new URLSearchParams({ step })}`,
        pageAnswerSchema,
        { signal },
      ),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  })

export const ROWS_A_WINDOW = 200

/** A window of the results; `stamp` changes when the rows may have. */
export const rowsQuery = (execution: string, step: string | null, window: number, stamp: string) =>
  queryOptions({
    queryKey: ['rows', execution, step, window, stamp],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ offset: String(window * ROWS_A_WINDOW), limit: String(ROWS_A_WINDOW) })
      if (step !== null) query.set('step', step)
      return requestJson(`/api/executions/${execution}/rows?${query}`, rowListSchema, { signal })
    },
    staleTime: Infinity,
  })
