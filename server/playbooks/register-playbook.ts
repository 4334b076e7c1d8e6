import type { RegisterAnswer } from '@/domain/api/playbooks'
import { playbookPathSchema } from '@/domain/api/fields'
import { DomainError } from '@/domain/domain-error'
import type { Diagnostic } from '@/domain/playbook/diagnostic'
import type { KnownOutside } from '@/domain/playbook/check/check-templates'
import { invalidPlaybook } from '@/domain/playbook/invalid-playbook'
import { parsePlaybook } from '@/domain/playbook/parse-playbook'
import type { Playbook } from '@/domain/playbook/playbook'
import { prisma } from '../db/prisma'
import { contentHash } from '../executions/load-run'
import { knownOutside } from './known-outside'

/**
 * Registers the text as the next version under its `metadata.path`, or gives back the newest one when that has exactly
 * this text. Throws DomainError('invalid_playbook') with every place that is wrong.
 */
export async function registerPlaybook(content: string): Promise<RegisterAnswer> {
  const { playbook, warnings } = readPlaybookText(content, await knownOutside())
  const { path, name, description } = playbook
  const hash = contentHash(content)
  const answer = { path, diagnostics: warnings }
  return prisma().$transaction(async (tx) => {
    // Writing the head, which is made at version 0, locks it: two registrations never take one number.
    const { latestVersion: latest } = await tx.playbook.upsert({
      where: { path },
      create: { path, latestVersion: 0 },
      update: { latestVersion: { increment: 0 } },
    })
    const newest = await tx.playbookVersion.findUnique({ where: { path_version: { path, version: latest } } })
    if (newest?.contentHash === hash) return { ...answer, version: latest, created: false }
    const version = latest + 1
    await tx.playbookContent.createMany({ data: { hash, content }, skipDuplicates: true })
    await tx.playbookVersion.create({
      data: { path, version, contentHash: hash, name, description: description ?? null },
    })
    await tx.playbook.update({ where: { path }, data: { latestVersion: version, updatedAt: new Date() } })
    return { ...answer, version, created: true }
  })
}

function readPlaybookText(content: string, outside: KnownOutside): { playbook: Playbook; warnings: Diagnostic[] } {
  const { playbook, diagnostics } = parsePlaybook(content, outside)
  if (playbook === null) throw invalidPlaybook(diagnostics)
  const path = playbookPathSchema.safeParse(playbook.path)
  if (!path.success) {
    const message = path.error.issues.map((issue) => issue.message).join('; ')
    throw new DomainError('invalid_playbook', message, { places: [{ path: '/metadata/path', message }] })
  }
  return { playbook, warnings: diagnostics }
}
