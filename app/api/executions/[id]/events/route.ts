import { listEventsQuerySchema } from '@/domain/api/executions'
import { executionParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { readEvents } from '@/server/executions/read-events'
import { jsonText } from '@/server/json-text'
import { readQuery } from '@/server/request-body'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(executionParamsSchema, {
  GET: async (request, { id }) => {
    const events = await readEvents(id, readQuery(request, listEventsQuerySchema))
    return jsonText(`{"items":[${events.map(({ json }) => json).join(',')}]}`)
  },
})
