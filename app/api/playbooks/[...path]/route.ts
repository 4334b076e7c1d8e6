import { playbookParamsSchema } from '@/domain/api/params'
import { readPlaybookQuerySchema, type ValidateAnswer } from '@/domain/api/playbooks'
import { DomainError } from '@/domain/domain-error'
import { parsePlaybook } from '@/domain/playbook/parse-playbook'
import { apiRoute } from '@/server/api-route'
import { readPlaybook } from '@/server/playbooks/read-playbook'
import { readPlaybookText, readQuery } from '@/server/request-body'

export const dynamic = 'force-dynamic'

const wantsYaml = (request: Request): boolean => /ya?ml/.test(request.headers.get('accept') ?? '')

/** A path may be any words, "validate" too: as an action it is only ever posted to, as a playbook only ever read. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(playbookParamsSchema, {
  GET: async (request, { path }) => {
    const { version } = readQuery(request, readPlaybookQuerySchema)
    const playbook = await readPlaybook(path, version)
    const headers = { vary: 'accept' }
    if (!wantsYaml(request)) return Response.json(playbook, { headers })
    return new Response(playbook.content, { headers: { ...headers, 'content-type': 'text/yaml; charset=utf-8' } })
  },
  POST: async (request, { path }) => {
    if (path !== 'validate') throw new DomainError('not_found', 'Playbooks are posted to /api/playbooks.')
    const { playbook, diagnostics } = parsePlaybook(await readPlaybookText(request))
    const answer: ValidateAnswer = { valid: playbook !== null, diagnostics }
    return Response.json(answer)
  },
})
