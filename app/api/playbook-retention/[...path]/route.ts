import { playbookParamsSchema } from '@/domain/api/params'
import { retentionQuerySchema, retentionSchema } from '@/domain/api/retention'
import { apiRoute } from '@/server/api-route'
import { readJson, readQuery } from '@/server/request-body'
import { readRetention } from '@/server/retention/read-retention'
import { saveRetention } from '@/server/retention/save-retention'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(playbookParamsSchema, {
  GET: async (request, { path }) => {
    const { keep_days: days, keep_runs: runs } = readQuery(request, retentionQuerySchema)
    const proposed =
      days === undefined && runs === undefined ? null : { keep_days: days ?? null, keep_runs: runs ?? null }
    return Response.json(await readRetention(path, proposed))
  },
  PUT: async (request, { path }) => Response.json(await saveRetention(path, await readJson(request, retentionSchema))),
})
