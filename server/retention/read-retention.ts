import type { RemovalPreview, RetentionAnswer, RetentionPolicy } from '@/domain/api/retention'
import { pool } from '../db/pool'
import { prisma } from '../db/prisma'
import { noSuchPlaybook } from '../playbooks/read-playbook'
import { oldExecutions } from './old-executions'

const SHOWN_DAYS = 30
const WINDOW = 5_000
/** A preview counts no further; what those ran counts with them. */
const MOST_COUNTED = 100_000

const NOTHING = { executions: 0, pages: 0, bytes: 0 }

/** How long a playbook's executions are kept, what they take and what was removed. Throws DomainError('not_found'). */
export async function readRetention(path: string, proposed: RetentionPolicy | null = null): Promise<RetentionAnswer> {
  const playbook = await prisma().playbook.findUnique({ where: { path }, include: { retention: true } })
  if (playbook === null) throw noSuchPlaybook(path)
  const [stored, removed, preview] = await Promise.all([
    prisma().playbookStorage.findUnique({ where: { path } }),
    prisma().removal.findMany({ where: { path }, orderBy: { day: 'desc' }, take: SHOWN_DAYS }),
    proposed === null ? null : previewRemoval(path, proposed),
  ])
  return {
    path,
    keep_days: playbook.retention?.keepDays ?? null,
    keep_runs: playbook.retention?.keepRuns ?? null,
    stored: stored === null ? NOTHING : amountOf(stored),
    removed: removed.map((row) => ({ day: row.day.toISOString().slice(0, 10), ...amountOf(row) })),
    preview,
  }
}

type Amount = { executions: bigint; pages: bigint; bytes: bigint }

const amountOf = ({ executions, pages, bytes }: Amount): typeof NOTHING => ({
  executions: Number(executions),
  pages: Number(pages),
  bytes: Number(bytes),
})

/** What a policy would remove now. */
async function previewRemoval(path: string, policy: RetentionPolicy): Promise<RemovalPreview> {
  let [executions, pages, bytes] = [0, 0, 0]
  let oldest: Date | null = null
  let newest: Date | null = null
  for await (const old of oldExecutions(pool(), path, { policy, window: WINDOW })) {
    oldest ??= old.createdAt
    if (executions === MOST_COUNTED) break
    executions += 1
    pages += old.pages
    bytes += old.bytes
    newest = old.createdAt
  }
  return {
    executions,
    pages,
    bytes,
    oldest_at: oldest?.toISOString() ?? null,
    newest_at: newest?.toISOString() ?? null,
    at_least: executions === MOST_COUNTED,
  }
}
