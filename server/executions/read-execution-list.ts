import type { ExecutionList, ExecutionSummary, ListExecutionsQuery } from '@/domain/api/executions'
import { executionStatusSchema } from '@/domain/api/fields'
import { errorFactsSchema } from '@/domain/execution/events'
import { isSettled } from '@/domain/execution/view'
import { prisma } from '../db/prisma'
import type { ListedExecution } from '../sse/execution-list-tail'

/** What a row of the list is made of. */
export const SUMMARY_COLUMNS = {
  executionId: true,
  path: true,
  version: true,
  status: true,
  parentExecutionId: true,
  elements: true,
  failed: true,
  pages: true,
  items: true,
  retries: true,
  error: true,
  lastSeq: true,
  createdAt: true,
  startedAt: true,
  endedAt: true,
} as const

type SummaryRow = Awaited<ReturnType<typeof readNewest>>[number]

/** Executions are created all the time; these are few, and found by the index on `status`. */
const UNSETTLED = ['PENDING', 'RUNNING', 'PAUSED']
const MOST_CHANGING = 2_000

/** Ids grow with time but for so much: a transaction that began early may insert late, and clocks are set back. */
const ID_ORDER_MS = 86_400_000

/** Newest first, by keyset: the id falls as the list goes on, so no page is counted or skipped over. */
export async function listExecutions(query: ListExecutionsQuery): Promise<ExecutionList> {
  const { cursor, since, status, path, parent, limit } = query
  const rows = await prisma().execution.findMany({
    where: {
      removedAt: null,
      executionId: {
        ...(cursor !== undefined && { lt: BigInt(cursor) }),
        ...(since !== undefined && { gt: await newestBefore(new Date(Date.parse(since) - ID_ORDER_MS)) }),
      },
      ...(since !== undefined && { createdAt: { gte: new Date(since) } }),
      ...(status !== undefined && { status }),
      ...(path !== undefined && { path }),
      ...(parent !== undefined && { parentExecutionId: BigInt(parent) }),
    },
    select: SUMMARY_COLUMNS,
    orderBy: { executionId: 'desc' },
    take: limit + 1,
  })
  const items = rows.slice(0, limit).map(executionSummary)
  const last = items.at(-1)
  return { items, next_cursor: rows.length > limit && last !== undefined ? last.execution_id : null }
}

/** The first older execution, met from the newest end, bounds the list by the primary key. */
async function newestBefore(time: Date): Promise<bigint> {
  const older = await prisma().execution.findFirst({
    where: { createdAt: { lt: time } },
    select: { executionId: true },
    orderBy: { executionId: 'desc' },
  })
  return older?.executionId ?? 0n
}

/** The newest executions, newest first. */
export async function readRecentExecutions(limit: number): Promise<ListedExecution[]> {
  return (await readNewest(limit)).map(listed)
}

const readNewest = (limit: number) =>
  prisma().execution.findMany({
    where: { removedAt: null },
    select: SUMMARY_COLUMNS,
    orderBy: { executionId: 'desc' },
    take: limit,
  })

/** The first of these executions and all that are not settled: both are found by index. */
export async function readChangingExecutions(executionIds: readonly string[]): Promise<ListedExecution[]> {
  const rows = await prisma().execution.findMany({
    where: {
      removedAt: null,
      OR: [{ executionId: { in: executionIds.slice(0, MOST_CHANGING).map(BigInt) } }, { status: { in: UNSETTLED } }],
    },
    select: SUMMARY_COLUMNS,
    orderBy: { executionId: 'desc' },
    take: MOST_CHANGING,
  })
  return rows.map(listed)
}

const listed = (row: SummaryRow): ListedExecution => {
  const summary = executionSummary(row)
  return { summary, settled: isSettled(summary.status), mark: `${row.status} ${row.lastSeq}` }
}

/** A row of the list as the API gives it. */
export function executionSummary(row: SummaryRow): ExecutionSummary {
  return {
    execution_id: String(row.executionId),
    path: row.path,
    version: row.version,
    status: executionStatusSchema.parse(row.status),
    parent_execution_id: row.parentExecutionId?.toString() ?? null,
    stats: {
      elements: row.elements,
      failed: row.failed,
      pages: row.pages,
      items: Number(row.items),
      retries: row.retries,
    },
    created_at: row.createdAt.toISOString(),
    started_at: row.startedAt?.toISOString() ?? null,
    ended_at: row.endedAt?.toISOString() ?? null,
    ...errorMember(row.error),
  }
}

/** `error` is left out of an answer where nothing failed. */
export function errorMember(error: unknown): { error?: ExecutionSummary['error'] & {} } {
  const facts = errorFactsSchema.safeParse(error)
  return facts.success ? { error: facts.data } : {}
}
