import { changeNoticeSchema } from '@/domain/api/notices'
import { idParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { changeNotice } from '@/server/notices/change-notice'
import { deleteNotice } from '@/server/notices/delete-notice'
import { readJson } from '@/server/request-body'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(idParamsSchema, {
  PATCH: async (request, { id }) => Response.json(await changeNotice(id, await readJson(request, changeNoticeSchema))),
  DELETE: async (_request, { id }) => {
    await deleteNotice(id)
    return new Response(null, { status: 204 })
  },
})
