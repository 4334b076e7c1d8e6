import type { z } from 'zod'
import { retryNowSchema, type retryNowAnswerSchema } from '@/domain/api/control'
import { executionParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { retryNow } from '@/server/executions/retry-now'
import { readJson } from '@/server/request-body'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(executionParamsSchema, {
  POST: async (request, { id }) => {
    const answer: z.infer<typeof retryNowAnswerSchema> = {
      elements: await retryNow(id, await readJson(request, retryNowSchema)),
    }
    return Response.json(answer, { status: 202 })
  },
})
