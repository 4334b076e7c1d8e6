import { idParamsSchema } from '@/domain/api/params'
import { changeWebhookSchema } from '@/domain/api/webhooks'
import { apiRoute } from '@/server/api-route'
import { readJson } from '@/server/request-body'
import { changeWebhook } from '@/server/webhooks/change-webhook'
import { deleteWebhook } from '@/server/webhooks/delete-webhook'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(idParamsSchema, {
  PATCH: async (request, { id }) =>
    Response.json(await changeWebhook(id, await readJson(request, changeWebhookSchema))),
  DELETE: async (_request, { id }) => {
    await deleteWebhook(id)
    return new Response(null, { status: 204 })
  },
})
