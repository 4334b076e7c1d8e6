import { noParamsSchema } from '@/domain/api/params'
import { createScheduleSchema, listSchedulesQuerySchema } from '@/domain/api/schedules'
import { apiRoute } from '@/server/api-route'
import { readJson, readQuery } from '@/server/request-body'
import { createSchedule } from '@/server/schedules/create-schedule'
import { listSchedules } from '@/server/schedules/list-schedules'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(noParamsSchema, {
  GET: async (request) => Response.json(await listSchedules(readQuery(request, listSchedulesQuerySchema))),
  POST: async (request) => {
    const schedule = await createSchedule(await readJson(request, createScheduleSchema))
    return Response.json(schedule, {
      status: 201,
      headers: { location: `/api/schedules/${schedule.schedule_id}` },
    })
  },
})
