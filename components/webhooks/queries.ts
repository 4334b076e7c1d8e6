import { queryOptions } from '@tanstack/react-query'
import { webhookListSchema } from '@/domain/api/webhooks'
import { requestJson } from '@/components/api/request-json'

/** The webhooks of a playbook; asked again, because others call them. */
export const webhooksQuery = (path: string) =>
  queryOptions({
    queryKey: ['webhooks', path],
    queryFn: ({ signal }) =>
      requestJson(`/api/webhooks?${new URLSearchParams({ path, limit: '500' })}`, webhookListSchema, { signal }),
    refetchInterval: 5_000,
  })
