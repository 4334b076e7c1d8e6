import { listExecutionsQuerySchema } from '@/domain/api/executions'
import { noParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { listExecutions } from '@/server/executions/read-execution-list'
import { readQuery } from '@/server/request-body'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(noParamsSchema, {
  GET: async (request) => Response.json(await listExecutions(readQuery(request, listExecutionsQuerySchema))),
})
