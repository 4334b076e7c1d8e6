import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { deliveryListSchema, noticeListSchema } from '@/domain/api/notices'
import { requestJson } from '@/components/api/request-json'

/** Who is told of the runs of a playbook. */
export const noticesQuery = (path: string) =>
  queryOptions({
    queryKey: ['notices', path],
    queryFn: ({ signal }) =>
      requestJson(`/api/notices?${new URLSearchParams({ path, limit: '500' })}`, noticeListSchema, { signal }),
    refetchInterval: 3_000,
  })

/** What was sent to one of them, newest first. */
export const deliveriesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['deliveries', id],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: '20' })
      if (pageParam !== '') query.set('cursor', pageParam)
      return requestJson(`/api/notices/${id}/deliveries?${query}`, deliveryListSchema, { signal })
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor,
    refetchInterval: 3_000,
  })
