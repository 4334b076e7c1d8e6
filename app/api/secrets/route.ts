import { noParamsSchema } from '@/domain/api/params'
import { type SecretList } from '@/domain/api/secrets'
import { apiRoute } from '@/server/api-route'
import { listSecrets } from '@/server/secrets/secret-store'

export const dynamic = 'force-dynamic'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiRoute(noParamsSchema, {
  GET: async () => {
    const secrets = await listSecrets()
    const answer: SecretList = {
      items: secrets.map(({ name, createdAt, updatedAt }) => ({
        name,
        created_at: createdAt.toISOString(),
        updated_at: updatedAt.toISOString(),
      })),
      next_cursor: null,
    }
    return Response.json(answer)
  },
})
