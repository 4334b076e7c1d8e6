import { executionParamsSchema } from '@/domain/api/params'
import { listRowsQuerySchema } from '@/domain/api/results'
import { apiRoute } from '@/server/api-route'
import { readRows } from '@/server/executions/read-rows'
import { jsonText } from '@/server/json-text'
import { readQuery } from '@/server/request-body'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(executionParamsSchema, {
  GET: async (request, { id }) => jsonText(await readRows(id, readQuery(request, listRowsQuerySchema))),
})
