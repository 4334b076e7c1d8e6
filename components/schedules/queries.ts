import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { scheduleListSchema, schedulePreviewSchema, scheduleRunListSchema } from '@/domain/api/schedules'
import { requestJson } from '@/components/api/request-json'

/** The schedules of a playbook; asked again soon, because they run by themselves. */
export const schedulesQuery = (path: string) =>
  queryOptions({
    queryKey: ['schedules', path],
    queryFn: ({ signal }) =>
      requestJson(`/api/schedules?${new URLSearchParams({ path, limit: '500' })}`, scheduleListSchema, { signal }),
    refetchInterval: 3_000,
  })

/** The schedules that run next, of all playbooks. */
export const upcomingQuery = queryOptions({
  queryKey: ['schedules', 'upcoming'],
  queryFn: ({ signal }) => requestJson('/api/schedules?upcoming=1&limit=3', scheduleListSchema, { signal }),
  refetchInterval: 15_000,
})

/** When an expression is due next, or what is wrong with it. */
export const previewQuery = (cron: string, timeZone: string) =>
  queryOptions({
    queryKey: ['schedule-preview', cron, timeZone],
    queryFn: ({ signal }) =>
      requestJson(
        `/api/schedules/preview?${new URLSearchParams({ cron, time_zone: timeZone })}`,
        schedulePreviewSchema,
        { signal },
      ),
    retry: false,
    placeholderData: keepPreviousData,
  })

/** The due times of a schedule, newest first. */
export const scheduleRunsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['schedule-runs', id],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: '20' })
      if (pageParam !== '') query.set('cursor', pageParam)
      return requestJson(`/api/schedules/${id}/runs?${query}`, scheduleRunListSchema, { signal })
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor,
    refetchInterval: 5_000,
  })
