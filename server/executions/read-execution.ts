import { z } from 'zod'
import {
  childSummarySchema,
  expectationSchema,
  type ChildSummary,
  type ExecutionAnswer,
  type StepSummary,
} from '@/domain/api/executions'
import { plainOfExactJsonb } from '../db/exact-jsonb'
import { pool } from '../db/pool'
import { prisma } from '../db/prisma'
import { noSuchExecution } from './read-events'
import { readRetryLinks } from './read-retry-links'
import { errorMember, executionSummary, SUMMARY_COLUMNS } from './read-execution-list'

const STEP_COLUMNS = {
  step: true,
  tool: true,
  status: true,
  totalCount: true,
  collectionSize: true,
  completed: true,
  failed: true,
  skipped: true,
  pages: true,
  items: true,
  startedAt: true,
  endedAt: true,
  error: true,
} as const

type DetailRow = NonNullable<Awaited<ReturnType<typeof findWithSteps>>>
type StepRow = DetailRow['steps'][number]

const objectSchema = z.record(z.string(), z.unknown()).catch({})

/** Expectations are the last thing checked before an execution ends, so they are in the last events of its log. */
const EXPECTATION_WINDOW = 1_000
const MOST_CHILDREN = 100

/** One execution with its steps and expectations. Throws DomainError('not_found'). */
export async function readExecution(executionId: string): Promise<ExecutionAnswer> {
  const id = BigInt(executionId)
  const found = await findWithSteps(id)
  if (found === null) throw noSuchExecution(executionId)
  const [workload, links, children, expectations] = await Promise.all([
    readWorkload(executionId),
    readRetryLinks(executionId),
    readChildren(id),
    readExpectations(id, found.lastSeq - EXPECTATION_WINDOW),
  ])
  return {
    ...executionSummary(found),
    workload,
    trigger: objectSchema.parse(found.trigger),
    parent: parentOf(found),
    ...links,
    steps: found.steps.map(stepSummary),
    children,
    expectations,
    last_seq: found.lastSeq,
  }
}

const findWithSteps = (executionId: bigint) =>
  prisma().execution.findUnique({
    where: { executionId, removedAt: null },
    select: {
      ...SUMMARY_COLUMNS,
      trigger: true,
      parentStep: true,
      parentIndex: true,
      steps: { select: STEP_COLUMNS, orderBy: [{ startedAt: { sort: 'asc', nulls: 'last' } }, { step: 'asc' }] },
    },
  })

/** By itself: Prisma would round integers beyond 2^53. */
async function readWorkload(executionId: string): Promise<ExecutionAnswer['workload']> {
  const { rows } = await pool().query<{ workload: string }>({
    name: 'read-workload',
    text: 'SELECT workload::text FROM noetl.execution WHERE execution_id = $1',
    values: [executionId],
  })
  return objectSchema.parse(plainOfExactJsonb(rows[0]?.workload ?? null))
}

const stepSummary = (row: StepRow): StepSummary => ({
  step: row.step,
  tool: row.tool,
  status: row.status,
  total_count: row.totalCount,
  collection_size: row.collectionSize,
  completed: row.completed,
  failed: row.failed,
  skipped: row.skipped,
  pages: row.pages,
  items: Number(row.items),
  started_at: row.startedAt?.toISOString() ?? null,
  ended_at: row.endedAt?.toISOString() ?? null,
  ...errorMember(row.error),
})

function parentOf({
  parentExecutionId: id,
  parentStep: step,
  parentIndex: index,
}: DetailRow): ExecutionAnswer['parent'] {
  return id === null || step === null || index === null ? null : { execution_id: String(id), step, index }
}

async function readChildren(executionId: bigint): Promise<ChildSummary[]> {
  const children = await prisma().execution.findMany({
    where: { parentExecutionId: executionId },
    select: { executionId: true, parentStep: true, parentIndex: true, path: true, status: true },
    orderBy: { executionId: 'asc' },
    take: MOST_CHILDREN,
  })
  return children.map(({ executionId: id, parentStep: step, parentIndex: index, path, status }) =>
    childSummarySchema.parse({ execution_id: String(id), step, index, path, status }),
  )
}

/** The last check of each name: a retried execution checks again. */
async function readExpectations(executionId: bigint, after: number): Promise<ExecutionAnswer['expectations']> {
  const events = await prisma().event.findMany({
    where: { executionId, seq: { gt: after }, eventType: 'expectation_checked' },
    select: { context: true },
    orderBy: { seq: 'asc' },
  })
  const checked = events.map(({ context }) => expectationSchema.parse(context))
  return [...new Map(checked.map((expectation) => [expectation.name, expectation])).values()]
}
