import type { PlaybookVersionList } from '@/domain/api/playbooks'
import { prisma } from '../db/prisma'
import { noSuchPlaybook } from './read-playbook'

type Window = { path: string; cursor?: number | undefined; limit: number }

/** The versions of a playbook, newest first. Throws DomainError('not_found'). */
export async function listVersions({ path, cursor, limit }: Window): Promise<PlaybookVersionList> {
  const versions = await prisma().playbookVersion.findMany({
    where: { path, ...(cursor !== undefined && { version: { lt: cursor } }) },
    orderBy: { version: 'desc' },
    take: limit + 1,
  })
  if (versions.length === 0 && cursor === undefined) throw noSuchPlaybook(path)
  const items = versions.slice(0, limit).map(({ version, name, description, contentHash, createdAt }) => ({
    version,
    name,
    description,
    content_hash: contentHash,
    created_at: createdAt.toISOString(),
  }))
  const last = items.at(-1)
  return { items, next_cursor: versions.length > limit && last !== undefined ? String(last.version) : null }
}
