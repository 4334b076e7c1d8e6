import { idParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { rotateWebhook } from '@/server/webhooks/rotate-webhook'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(idParamsSchema, {
  POST: async (_request, { id }) => Response.json(await rotateWebhook(id)),
})
