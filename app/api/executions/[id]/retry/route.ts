import { retryQuerySchema, retrySchema } from '@/domain/api/control'
import { executionParamsSchema, idempotencyKeySchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { previewRetry } from '@/server/executions/preview-retry'
import { retryRun } from '@/server/executions/retry-run'
import { readHeader, readJson, readQuery } from '@/server/request-body'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(executionParamsSchema, {
  GET: async (request, { id }) =>
    Response.json(await previewRetry(id, retrySchema.parse(readQuery(request, retryQuerySchema)))),
  POST: async (request, { id }) => {
    const key = readHeader(request, 'idempotency-key', idempotencyKeySchema)
    const answer = await retryRun(id, await readJson(request, retrySchema), key)
    return Response.json(answer, { status: 202, headers: { location: `/api/executions/${answer.execution_id}` } })
  },
})
