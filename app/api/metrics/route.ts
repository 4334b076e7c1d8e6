import { noParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { readMetrics } from '@/server/system/read-metrics'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(noParamsSchema, {
  GET: async () =>
    new Response(await readMetrics(), { headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' } }),
})
