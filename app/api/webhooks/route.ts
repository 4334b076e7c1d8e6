import { noParamsSchema } from '@/domain/api/params'
import { createWebhookSchema, listWebhooksQuerySchema } from '@/domain/api/webhooks'
import { apiRoute } from '@/server/api-route'
import { readJson, readQuery } from '@/server/request-body'
import { createWebhook } from '@/server/webhooks/create-webhook'
import { listWebhooks } from '@/server/webhooks/list-webhooks'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(noParamsSchema, {
  GET: async (request) => Response.json(await listWebhooks(readQuery(request, listWebhooksQuerySchema))),
  POST: async (request) =>
    Response.json(await createWebhook(await readJson(request, createWebhookSchema)), { status: 201 }),
})
