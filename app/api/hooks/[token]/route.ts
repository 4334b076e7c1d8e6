import type { RunAnswer } from '@/domain/api/executions'
import { executionStatusSchema } from '@/domain/api/fields'
import { webhookTokenParamsSchema } from '@/domain/api/webhooks'
import { apiRoute } from '@/server/api-route'
import { readAnyJson } from '@/server/request-body'
import { callWebhook } from '@/server/webhooks/call-webhook'
import { deliveryKeyOf, openForSender } from '@/server/webhooks/webhook-request'

const MOST_BYTES = 256 * 1024

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(webhookTokenParamsSchema, {
  POST: async (request, { token }) => {
    const webhook = await openForSender(request, token)
    const body = await readAnyJson(request, MOST_BYTES)
    const started = await callWebhook(webhook, { body, deliveryKey: deliveryKeyOf(request) })
    const answer: RunAnswer = {
      execution_id: started.executionId,
      status: executionStatusSchema.parse(started.status),
    }
    return Response.json(answer, { status: 202 })
  },
})
