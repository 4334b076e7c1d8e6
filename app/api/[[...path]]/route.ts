import { noParamsSchema } from '@/domain/api/params'
import { apiRoute } from '@/server/api-route'
import { problemResponse } from '@/server/problem'

export const dynamic = 'force-dynamic'

const nothingHere = (request: Request): Response =>
  problemResponse({
    code: 'not_found',
    detail: `There is no API at ${new URL(request.url).pathname}.`,
    hint: 'The document of the API is at /api/openapi.json.',
  })

/** What no other route answers. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(noParamsSchema, {
  GET: nothingHere,
  POST: nothingHere,
  PUT: nothingHere,
  PATCH: nothingHere,
  DELETE: nothingHere,
})
