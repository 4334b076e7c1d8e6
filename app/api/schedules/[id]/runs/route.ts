import { idParamsSchema } from '@/domain/api/params'
import { listScheduleRunsQuerySchema } from '@/domain/api/schedules'
import { apiRoute } from '@/server/api-route'
import { readQuery } from '@/server/request-body'
import { listScheduleRuns } from '@/server/schedules/list-schedule-runs'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(idParamsSchema, {
  GET: async (request, { id }) =>
    Response.json(await listScheduleRuns(id, readQuery(request, listScheduleRunsQuerySchema))),
})
