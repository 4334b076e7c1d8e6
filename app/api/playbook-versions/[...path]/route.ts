import { playbookParamsSchema } from '@/domain/api/params'
import { listVersionsQuerySchema } from '@/domain/api/playbooks'
import { apiRoute } from '@/server/api-route'
import { listVersions } from '@/server/playbooks/list-versions'
import { readQuery } from '@/server/request-body'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(playbookParamsSchema, {
  GET: async (request, { path }) =>
    Response.json(await listVersions({ path, ...readQuery(request, listVersionsQuerySchema) })),
})
