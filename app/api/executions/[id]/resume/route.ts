import type { RunAnswer } from '@/domain/api/executions'
import { executionParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { resumeExecution } from '@/server/executions/resume-execution'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(executionParamsSchema, {
  POST: async (_request, { id }) => {
    await resumeExecution(id)
    const answer: RunAnswer = { execution_id: id, status: 'RUNNING' }
    return Response.json(answer, { status: 202 })
  },
})
