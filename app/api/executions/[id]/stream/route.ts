import { streamQuerySchema } from '@/domain/api/executions'
import { executionParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { readQuery } from '@/server/request-body'
import { resumeAfter, streamExecution } from '@/server/executions/stream-execution'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(executionParamsSchema, {
  GET: async (request, { id }) => {
    const after = resumeAfter(request, readQuery(request, streamQuerySchema).after)
    return streamExecution({ executionId: id, after, signal: request.signal })
  },
})
