import type { RetentionAnswer, RetentionPolicy } from '@/domain/api/retention'
import { prisma } from '../db/prisma'
import { noSuchPlaybook } from '../playbooks/read-playbook'
import { readRetention } from './read-retention'

/** Sets how long a playbook's executions are kept; two nulls keep everything. Throws DomainError('not_found'). */
export async function saveRetention(path: string, policy: RetentionPolicy): Promise<RetentionAnswer> {
  const kept = { keepDays: policy.keep_days, keepRuns: policy.keep_runs, updatedAt: new Date() }
  if ((await prisma().playbook.findUnique({ where: { path } })) === null) throw noSuchPlaybook(path)
  await prisma().retention.upsert({ where: { path }, create: { path, ...kept }, update: kept })
  return readRetention(path)
}
