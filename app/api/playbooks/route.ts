import { noParamsSchema } from '@/domain/api/params'
import { listPlaybooksQuerySchema } from '@/domain/api/playbooks'
import { apiRoute } from '@/server/api-route'
import { listPlaybooks } from '@/server/playbooks/list-playbooks'
import { registerPlaybook } from '@/server/playbooks/register-playbook'
import { readPlaybookText, readQuery } from '@/server/request-body'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(noParamsSchema, {
  GET: async (request) => Response.json(await listPlaybooks(readQuery(request, listPlaybooksQuerySchema))),
  POST: async (request) => {
    const registered = await registerPlaybook(await readPlaybookText(request))
    return Response.json(registered, {
      status: registered.created ? 201 : 200,
      headers: { location: `/api/playbooks/${registered.path}` },
    })
  },
})
