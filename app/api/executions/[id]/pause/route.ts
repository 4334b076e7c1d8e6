import type { RunAnswer } from '@/domain/api/executions'
import { executionParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { pauseExecution } from '@/server/executions/pause-execution'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(executionParamsSchema, {
  POST: async (_request, { id }) => {
    await pauseExecution(id)
    const answer: RunAnswer = { execution_id: id, status: 'PAUSED' }
    return Response.json(answer, { status: 202 })
  },
})
