import type { RunAnswer } from '@/domain/api/executions'
import { idParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { runScheduleNow } from '@/server/schedules/run-schedule-now'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(idParamsSchema, {
  POST: async (_request, { id }) => {
    const answer: RunAnswer = { execution_id: await runScheduleNow(id), status: 'PENDING' }
    return Response.json(answer, { status: 202, headers: { location: `/api/executions/${answer.execution_id}` } })
  },
})
