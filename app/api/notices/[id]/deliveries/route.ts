import { listDeliveriesQuerySchema } from '@/domain/api/notices'
import { idParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { listDeliveries } from '@/server/notices/list-deliveries'
import { readQuery } from '@/server/request-body'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(idParamsSchema, {
  GET: async (request, { id }) =>
    Response.json(await listDeliveries(id, readQuery(request, listDeliveriesQuerySchema))),
})
