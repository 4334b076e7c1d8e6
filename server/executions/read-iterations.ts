import type { IterationList, IterationSummary, ListIterationsQuery } from '@/domain/api/iterations'
import { iterationStatusSchema } from '@/domain/api/fields'
import { DomainError } from '@/domain/domain-error'
import { plainOfExactJsonb } from '../db/exact-jsonb'
import { pool } from '../db/pool'
import { errorMember } from './read-execution-list'
import { refuseMissingElement } from './refuse-missing-element'
import { requireExecution } from './require-execution'

type IterationRow = Omit<
  IterationSummary,
  'index' | 'element' | 'status' | 'warnings' | 'next_attempt_at' | 'started_at' | 'ended_at' | 'error'
> & {
  iteration_index: number
  element: string | null
  status: string
  warnings: unknown
  next_attempt_at: Date | null
  started_at: Date | null
  ended_at: Date | null
  error: unknown
}

const LIST = `
  SELECT step, iteration_index, element::text, label, status, pages, items, retries, stop_reason, warnings,
    CASE WHEN isfinite(next_attempt_at) THEN next_attempt_at END AS next_attempt_at, started_at, ended_at, error
  FROM noetl.iteration
  WHERE execution_id = $1 AND (step, iteration_index) > ($2, $3) AND iteration_index >= 0
    AND ($4::text IS NULL OR step = $4) AND ($5::text IS NULL OR status = $5)
  ORDER BY step, iteration_index LIMIT $6 + 1`

/** The elements of an execution by step and index. Throws DomainError('not_found'). */
export async function listIterations(executionId: string, query: ListIterationsQuery): Promise<IterationList> {
  await requireExecution(pool(), executionId)
  const after = query.cursor === undefined ? { step: '', index: -1 } : placeOf(query.cursor)
  const { rows } = await pool().query<IterationRow>(LIST, [
    executionId,
    after.step,
    after.index,
    query.step ?? null,
    query.status ?? null,
    query.limit,
  ])
  const items = rows.slice(0, query.limit).map(iterationSummary)
  const last = items.at(-1)
  return { items, next_cursor: rows.length > query.limit && last !== undefined ? `${last.index}.${last.step}` : null }
}

/** The step an iteration index belongs to, where the caller left it out. Throws DomainError('not_found' | 'invalid_request'). */
export async function stepOfIteration(executionId: string, index: number, step: string | undefined): Promise<string> {
  const { rows } = await pool().query<{ step: string }>(
    `SELECT s.step FROM noetl.step s
     JOIN noetl.execution x ON x.execution_id = s.execution_id AND x.removed_at IS NULL
     JOIN noetl.iteration i ON i.execution_id = s.execution_id AND i.step = s.step AND i.iteration_index = $2
     WHERE s.execution_id = $1 AND ($3::text IS NULL OR s.step = $3) ORDER BY s.step`,
    [executionId, index, step ?? null],
  )
  const [only, another] = rows
  if (only === undefined) {
    await requireExecution(pool(), executionId)
    await refuseMissingElement(pool(), executionId, { step, index })
    const where = step === undefined ? '' : ` in step "${step}"`
    throw new DomainError('not_found', `Execution ${executionId} has no iteration ${index}${where}.`)
  }
  if (another === undefined) return only.step
  const names = rows.map((row) => row.step)
  throw new DomainError('invalid_request', `Several steps have an iteration ${index}: ${names.join(', ')}.`, {
    places: [{ path: 'step', message: `one of ${names.join(', ')}` }],
    hint: `Add ?step=${encodeURIComponent(only.step)}.`,
  })
}

function placeOf(cursor: string): { step: string; index: number } {
  const match = /^(\d{1,9})\.(.+)$/s.exec(cursor)
  if (match?.[1] !== undefined && match[2] !== undefined) return { index: Number(match[1]), step: match[2] }
  throw new DomainError('invalid_request', 'The cursor is not one this list gave.', {
    places: [{ path: 'cursor', message: 'take next_cursor of the page before' }],
  })
}

const iterationSummary = ({ iteration_index: index, element, error, ...row }: IterationRow): IterationSummary => ({
  ...row,
  index,
  element: plainOfExactJsonb(element),
  status: iterationStatusSchema.parse(row.status),
  warnings: Array.isArray(row.warnings) ? row.warnings : [],
  next_attempt_at: row.next_attempt_at?.toISOString() ?? null,
  started_at: row.started_at?.toISOString() ?? null,
  ended_at: row.ended_at?.toISOString() ?? null,
  ...errorMember(error),
})
