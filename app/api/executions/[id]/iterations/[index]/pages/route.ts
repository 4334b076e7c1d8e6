import { listPagesQuerySchema } from '@/domain/api/iterations'
import { iterationParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { listPages } from '@/server/executions/read-pages'
import { readQuery } from '@/server/request-body'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(iterationParamsSchema, {
  GET: async (request, { id, index }) =>
    Response.json(await listPages(id, index, readQuery(request, listPagesQuerySchema))),
})
