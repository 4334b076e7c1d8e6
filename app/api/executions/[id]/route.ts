import { executionParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { readExecution } from '@/server/executions/read-execution'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(executionParamsSchema, {
  GET: async (_request, { id }) => Response.json(await readExecution(id)),
})
