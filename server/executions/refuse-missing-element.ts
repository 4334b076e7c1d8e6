import { DomainError } from '@/domain/domain-error'
import type { Queryable } from '../db/pool'

type Named = { index: number; step?: string | undefined }
type StepSize = { step: string; size: number }

const MOST_STEPS = 10

/**
 * Throws DomainError `not_found` where no step, or not the one named, has an element of that index, and says how many there
 * are. For when something else about the element is about to be refused.
 */
export async function refuseMissingElement(client: Queryable, executionId: string, named: Named): Promise<void> {
  const { rows } = await client.query<StepSize>(
    `SELECT step, collection_size AS size FROM noetl.step
     WHERE execution_id = $1 AND collection_size IS NOT NULL ORDER BY started_at, step`,
    [executionId],
  )
  const { index, step } = named
  const asked = rows.filter((row) => step === undefined || row.step === step)
  if (asked.some(({ size }) => index < size)) return
  if (asked.length === 0 && step !== undefined && rows.length > 0) throw noSuchStep(executionId, step, rows)
  const sizes = asked.slice(0, MOST_STEPS).map(sizeWords)
  const more = asked.length > MOST_STEPS ? [`${asked.length - MOST_STEPS} more`] : []
  const known = sizes.length === 0 ? 'no step of it had begun its work' : [...sizes, ...more].join(', ')
  throw new DomainError('not_found', `Execution ${executionId} has no element ${index}: ${known}.`)
}

const noSuchStep = (executionId: string, step: string, rows: readonly StepSize[]): DomainError =>
  new DomainError('not_found', `Execution ${executionId} has no elements of a step "${step}".`, {
    hint: `Steps with elements: ${rows
      .slice(0, MOST_STEPS)
      .map((row) => row.step)
      .join(', ')}.`,
  })

function sizeWords({ step, size }: StepSize): string {
  if (size === 0) return `step "${step}" has none`
  return size === 1 ? `step "${step}" has 1, which is 0` : `step "${step}" has ${size}, from 0 to ${size - 1}`
}
