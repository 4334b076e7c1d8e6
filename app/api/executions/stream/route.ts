import { noParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { streamExecutionList } from '@/server/executions/stream-execution-list'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(noParamsSchema, {
  GET: async (request) => streamExecutionList(request.signal),
})
