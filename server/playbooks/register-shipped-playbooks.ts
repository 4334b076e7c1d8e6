import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RegisterAnswer } from '@/domain/api/playbooks'
import { prisma } from '../db/prisma'
import { contentHash } from '../executions/load-run'
import { registerPlaybook } from './register-playbook'

/**
 * Registers every playbook under `directory`; safe at every start. A text that is already some version of its path is
 * left alone, so what a person has saved on top of a shipped playbook stays the newest. Throws DomainError('invalid_playbook').
 */
export async function registerShippedPlaybooks(directory = 'playbooks'): Promise<RegisterAnswer[]> {
  const names = await readdir(directory, { recursive: true })
  const files = names.filter((name) => /\.ya?ml$/.test(name)).toSorted()
  const registered: RegisterAnswer[] = []
  for (const file of files) {
    const content = await readFile(join(directory, file), 'utf8')
    if (!(await isRegistered(content))) registered.push(await registerPlaybook(content))
  }
  return registered
}

async function isRegistered(content: string): Promise<boolean> {
  return (await prisma().playbookVersion.findFirst({ where: { contentHash: contentHash(content) } })) !== null
}
