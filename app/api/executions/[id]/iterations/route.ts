import { listIterationsQuerySchema } from '@/domain/api/iterations'
import { executionParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { listIterations } from '@/server/executions/read-iterations'
import { readQuery } from '@/server/request-body'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(executionParamsSchema, {
  GET: async (request, { id }) =>
    Response.json(await listIterations(id, readQuery(request, listIterationsQuerySchema))),
})
