import { noParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { problemResponse } from '@/server/problem'
import { readReadiness } from '@/server/system/read-readiness'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(noParamsSchema, {
  GET: async () => {
    const readiness = await readReadiness()
    if (readiness.ready) return Response.json(readiness)
    const missing = readiness.checks.filter(({ ok }) => !ok)
    return problemResponse({
      code: 'unavailable',
      detail: missing.map(({ part, detail }) => `${part}: ${detail}`).join('; '),
      places: missing.map(({ part, detail }) => ({ path: part, message: detail })),
      more: readiness,
    })
  },
})
