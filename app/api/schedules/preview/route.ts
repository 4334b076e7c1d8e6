import { noParamsSchema } from '@/domain/api/params'
import { previewScheduleQuerySchema, type SchedulePreview } from '@/domain/api/schedules'
import { apiRoute } from '@/server/api-route'
import { readQuery } from '@/server/request-body'
import { previewSchedule } from '@/server/schedules/check-schedule'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(noParamsSchema, {
  GET: (request) => {
    const { cron, time_zone: timeZone, count } = readQuery(request, previewScheduleQuerySchema)
    const times = previewSchedule({ cron, timeZone }, new Date(), count)
    const answer: SchedulePreview = { times: times.map((time) => time.toISOString()) }
    return Response.json(answer)
  },
})
