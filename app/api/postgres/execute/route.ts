import { noParamsSchema } from '@/domain/api/params'
import { executeQuerySchema } from '@/domain/api/postgres'
import { apiRoute } from '@/server/api-route'
import { jsonText } from '@/server/json-text'
import { executeQuery } from '@/server/postgres/execute-query'
import { readJson } from '@/server/request-body'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(noParamsSchema, {
  POST: async (request) => jsonText(await executeQuery(await readJson(request, executeQuerySchema))),
})
