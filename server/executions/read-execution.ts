import { z } from 'zod'
import { expectationSchema, type ExecutionAnswer, type StepSummary } from '@/domain/api/executions'
import { pool } from '../db/pool'
import { noSuchExecution } from './read-events'
import { errorMember, EXECUTION_COLUMNS, executionSummary, type ExecutionRow } from './read-execution-list'

type DetailRow = ExecutionRow & { workload: unknown; trigger: unknown }
type StepRow = Omit<StepSummary, 'items' | 'started_at' | 'ended_at' | 'error'> & {
  items: string
  started_at: Date | null
  ended_at: Date | null
  error: unknown
}

const objectSchema = z.record(z.string(), z.unknown()).catch({})

/** Expectations are the last thing checked before an execution ends, so they are in the last events of its log. */
const EXPECTATION_WINDOW = 1_000

/** One execution with its steps and expectations. Throws DomainError('not_found'). */
export async function readExecution(executionId: string): Promise<ExecutionAnswer> {
  const { rows } = await pool().query<DetailRow>({
    name: 'read-execution',
    text: `SELECT ${EXECUTION_COLUMNS}, workload, trigger FROM noetl.execution WHERE execution_id = $1`,
    values: [executionId],
  })
  const row = rows[0]
  if (row === undefined) throw noSuchExecution(executionId)
  const [steps, expectations] = await Promise.all([
    readSteps(executionId),
    readExpectations(executionId, row.last_seq - EXPECTATION_WINDOW),
  ])
  return {
    ...executionSummary(row),
    workload: objectSchema.parse(row.workload),
    trigger: objectSchema.parse(row.trigger),
    steps,
    expectations,
    last_seq: row.last_seq,
  }
}

async function readSteps(executionId: string): Promise<StepSummary[]> {
  const { rows } = await pool().query<StepRow>({
    name: 'read-steps',
    text: `SELECT step, tool, status, total_count, collection_size, completed, failed, skipped, pages, items,
        started_at, ended_at, error
      FROM noetl.step WHERE execution_id = $1 ORDER BY started_at NULLS LAST, step`,
    values: [executionId],
  })
  return rows.map(({ error, ...row }) => ({
    ...row,
    items: Number(row.items),
    started_at: row.started_at?.toISOString() ?? null,
    ended_at: row.ended_at?.toISOString() ?? null,
    ...errorMember(error),
  }))
}

/** The last check of each name: a retried execution checks again. */
async function readExpectations(executionId: string, after: number): Promise<ExecutionAnswer['expectations']> {
  const { rows } = await pool().query<{ context: unknown }>({
    name: 'read-expectations',
    text: `SELECT context FROM noetl.event
      WHERE execution_id = $1 AND seq > $2 AND event_type = 'expectation_checked' ORDER BY seq`,
    values: [executionId, after],
  })
  const checked = rows.map(({ context }) => expectationSchema.parse(context))
  return [...new Map(checked.map((expectation) => [expectation.name, expectation])).values()]
}
