import type { RanPlaybook } from '@/domain/api/executions'
import { prisma } from '../db/prisma'
import { noSuchExecution } from './read-events'

/** The text an execution started with (P10), whatever was registered since. Throws DomainError('not_found'). */
export async function readRanPlaybook(executionId: string): Promise<RanPlaybook> {
  const ran = await prisma().execution.findUnique({
    where: { executionId: BigInt(executionId), removedAt: null },
    select: { path: true, version: true, content: { select: { content: true } } },
  })
  if (ran === null) throw noSuchExecution(executionId)
  return { path: ran.path, version: ran.version, content: ran.content.content }
}
