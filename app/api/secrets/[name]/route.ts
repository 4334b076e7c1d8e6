import { secretParamsSchema } from '@/domain/api/params'
import { putSecretSchema, type SecretSummary } from '@/domain/api/secrets'
import { DomainError } from '@/domain/domain-error'
import { apiRoute } from '@/server/api-route'
import { readJson } from '@/server/request-body'
import { deleteSecret, putSecret } from '@/server/secrets/secret-store'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(secretParamsSchema, {
  PUT: async (request, { name }) => {
    const { value } = await readJson(request, putSecretSchema)
    const stored = await putSecret(name, value)
    const answer: SecretSummary = {
      name: stored.name,
      created_at: stored.createdAt.toISOString(),
      updated_at: stored.updatedAt.toISOString(),
    }
    return Response.json(answer)
  },
  DELETE: async (_request, { name }) => {
    if (await deleteSecret(name)) return new Response(null, { status: 204 })
    throw new DomainError('not_found', `No secret "${name}" is stored.`)
  },
})
