import { idParamsSchema } from '@/domain/api/params'
import { changeScheduleSchema } from '@/domain/api/schedules'
import { apiRoute } from '@/server/api-route'
import { readJson } from '@/server/request-body'
import { changeSchedule } from '@/server/schedules/change-schedule'
import { deleteSchedule } from '@/server/schedules/delete-schedule'
import { readSchedule } from '@/server/schedules/list-schedules'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(idParamsSchema, {
  GET: async (_request, { id }) => Response.json(await readSchedule(id)),
  PATCH: async (request, { id }) =>
    Response.json(await changeSchedule(id, await readJson(request, changeScheduleSchema))),
  DELETE: async (_request, { id }) => {
    await deleteSchedule(id)
    return new Response(null, { status: 204 })
  },
})
