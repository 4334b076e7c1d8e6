import { runPlaybookSchema, type RunAnswer } from '@/domain/api/executions'
import { executionStatusSchema } from '@/domain/api/fields'
import { idempotencyKeySchema, noParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { callerKey } from '@/server/executions/caller-key'
import { startExecution } from '@/server/executions/start-execution'
import { readHeader, readJson } from '@/server/request-body'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(noParamsSchema, {
  POST: async (request) => {
    const { path, version, content, workload } = await readJson(request, runPlaybookSchema)
    const key = readHeader(request, 'idempotency-key', idempotencyKeySchema)
    const started = await startExecution({
      ...(path === undefined ? {} : { path }),
      ...(version === undefined ? {} : { version }),
      ...(content === undefined ? {} : { content }),
      workload,
      trigger: { type: request.headers.get('sec-fetch-site') === 'same-origin' ? 'web' : 'api' },
      ...(key === undefined ? {} : { idempotencyKey: callerKey(key) }),
    })
    const answer: RunAnswer = {
      execution_id: started.executionId,
      status: executionStatusSchema.parse(started.status),
    }
    return Response.json(answer, { status: 202, headers: { location: `/api/executions/${started.executionId}` } })
  },
})
