import { noParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(noParamsSchema, {
  GET: () => Response.json({ status: 'ok' }),
})
