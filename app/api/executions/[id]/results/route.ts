import { executionParamsSchema } from '@/domain/api/params'
import { resultsQuerySchema } from '@/domain/api/results'
import { apiRoute } from '@/server/api-route'
import { byteStream } from '@/server/byte-stream'
import { exportResults } from '@/server/executions/export-results'
import { readQuery } from '@/server/request-body'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(executionParamsSchema, {
  GET: async (request, { id }) => {
    const { contentType, fileName, chunks } = await exportResults(id, readQuery(request, resultsQuerySchema))
    return new Response(byteStream(chunks), {
      headers: { 'content-type': contentType, 'content-disposition': `attachment; filename="${fileName}"` },
    })
  },
})
