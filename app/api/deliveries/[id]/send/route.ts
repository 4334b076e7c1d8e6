import { idParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { sendAgain } from '@/server/notices/send-again'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(idParamsSchema, {
  POST: async (_request, { id }) => Response.json(await sendAgain(id), { status: 202 }),
})
