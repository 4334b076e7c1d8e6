import { executionParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { readRanPlaybook } from '@/server/executions/read-ran-playbook'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(executionParamsSchema, {
  GET: async (_request, { id }) => Response.json(await readRanPlaybook(id)),
})
