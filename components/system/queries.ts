import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { retentionAnswerSchema, type RetentionAnswer, type RetentionPolicy } from '@/domain/api/retention'
import { systemAnswerSchema } from '@/domain/api/system'
import { requestJson } from '@/components/api/request-json'

const REFRESH_MS = 10_000

export const systemQuery = queryOptions({
  queryKey: ['system'],
  queryFn: ({ signal }) => requestJson('/api/system', systemAnswerSchema, { signal }),
  refetchInterval: REFRESH_MS,
})

/** How long a playbook's runs are kept, and what a proposed limit would remove. */
export const retentionQuery = (path: string, proposed: RetentionPolicy) =>
  queryOptions({
    queryKey: ['retention', path, proposed.keep_days, proposed.keep_runs],
    queryFn: ({ signal }) => {
      const limits = Object.entries(proposed).flatMap(([name, value]) =>
        value === null ? [] : [[name, String(value)]],
      )
      const query = new URLSearchParams(limits)
      return requestJson(`/api/playbook-retention/${path}?${query}`, retentionAnswerSchema, { signal })
    },
    placeholderData: keepPreviousData,
  })

/** @throws RequestFailed */
export const saveRetention = (path: string, policy: RetentionPolicy): Promise<RetentionAnswer> =>
  requestJson(`/api/playbook-retention/${path}`, retentionAnswerSchema, { method: 'PUT', body: policy })
