import { pageAddressQuerySchema } from '@/domain/api/iterations'
import { pageParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { readPage } from '@/server/executions/read-page'
import { jsonText } from '@/server/json-text'
import { readQuery } from '@/server/request-body'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(pageParamsSchema, {
  GET: async (request, { id, index, page }) => {
    const { step } = readQuery(request, pageAddressQuerySchema)
    return jsonText(await readPage({ executionId: id, index, page, step }))
  },
})
