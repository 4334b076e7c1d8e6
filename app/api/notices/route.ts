import { createNoticeSchema, listNoticesQuerySchema } from '@/domain/api/notices'
import { noParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { createNotice } from '@/server/notices/create-notice'
import { listNotices } from '@/server/notices/list-notices'
import { readJson, readQuery } from '@/server/request-body'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(noParamsSchema, {
  GET: async (request) => Response.json(await listNotices(readQuery(request, listNoticesQuerySchema))),
  POST: async (request) =>
    Response.json(await createNotice(await readJson(request, createNoticeSchema)), { status: 201 }),
})
