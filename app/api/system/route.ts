import { noParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { readSystem } from '@/server/system/read-system'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(noParamsSchema, {
  GET: async () => Response.json(await readSystem()),
})
