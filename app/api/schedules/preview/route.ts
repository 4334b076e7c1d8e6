import { noParamsSchema } from '@/domain/api/params'
import { previewScheduleQuerySchema } from '@/domain/api/schedules'
import { apiRoute } from '@/server/api-route'
import { readQuery } from '@/server/request-body'
import { previewSchedule } from '@/server/schedules/check-schedule'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(noParamsSchema, {
  GET: (request) => {
    const { cron, time_zone: timeZone, count } = readQuery(request, previewScheduleQuerySchema)
    return Response.json(previewSchedule({ cron, timeZone }, new Date(), count))
  },
})
