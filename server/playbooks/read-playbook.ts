import type { PlaybookAnswer } from '@/domain/api/playbooks'
import { DomainError } from '@/domain/domain-error'
import { prisma } from '../db/prisma'

/** A version of a playbook with its text, the newest one by default. Throws DomainError('not_found'). */
export async function readPlaybook(path: string, version?: number): Promise<PlaybookAnswer> {
  const found = await prisma().playbookVersion.findFirst({
    where: { path, ...(version !== undefined && { version }) },
    orderBy: { version: 'desc' },
    include: { playbook: true, content: true },
  })
  if (found === null) throw noSuchPlaybook(path, version)
  return {
    path,
    name: found.name,
    description: found.description,
    version: found.version,
    latest_version: found.playbook.latestVersion,
    created_at: found.playbook.createdAt.toISOString(),
    updated_at: found.createdAt.toISOString(),
    content: found.content.content,
  }
}

/** The refusal of a path or version that isn't registered. */
export const noSuchPlaybook = (path: string, version?: number): DomainError =>
  new DomainError(
    'not_found',
    `No playbook "${path}"${version === undefined ? '' : ` version ${version}`} is registered.`,
  )
