import { playbookParamsSchema } from '@/domain/api/params'
import { detectSchema, testStepSchema } from '@/domain/api/playbook-test'
import { readPlaybookQuerySchema, type ValidateAnswer } from '@/domain/api/playbooks'
import { DomainError } from '@/domain/domain-error'
import { parsePlaybook } from '@/domain/playbook/parse-playbook'
import { apiRoute } from '@/server/api-route'
import { detectPagination } from '@/server/playbooks/detect-pagination'
import { knownOutside } from '@/server/playbooks/known-outside'
import { readPlaybook } from '@/server/playbooks/read-playbook'
import { testStep } from '@/server/playbooks/test-step'
import { readJson, readPlaybookText, readQuery } from '@/server/request-body'

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
    switch (path) {
      case 'validate':
        return Response.json(await validatePlaybook(await readPlaybookText(request)))
      case 'test':
        return Response.json(await testStep(await readJson(request, testStepSchema), request.signal))
      case 'detect':
        return Response.json(await detectPagination(await readJson(request, detectSchema), request.signal))
      default:
        throw new DomainError('not_found', 'Playbooks are posted to /api/playbooks.')
    }
  },
})

async function validatePlaybook(text: string): Promise<ValidateAnswer> {
  const outside = await knownOutside()
  const { playbook, diagnostics } = parsePlaybook(text, outside)
  return { valid: playbook !== null, diagnostics, outside }
}
