import { retryQuerySchema, retrySchema } from '@/domain/api/control'
import type { RunAnswer } from '@/domain/api/executions'
import { executionParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { previewRetry } from '@/server/executions/preview-retry'
import { retryExecution } from '@/server/executions/retry-execution'
import { readJson, readQuery } from '@/server/request-body'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(executionParamsSchema, {
  GET: async (request, { id }) =>
    Response.json(await previewRetry(id, retrySchema.parse(readQuery(request, retryQuerySchema)))),
  POST: async (request, { id }) => {
    await retryExecution(id, await readJson(request, retrySchema))
    const answer: RunAnswer = { execution_id: id, status: 'RUNNING' }
    return Response.json(answer, { status: 202 })
  },
})
