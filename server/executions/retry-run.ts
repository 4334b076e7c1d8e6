import { isAnew, type RetryAnew, type RetryRequest } from '@/domain/api/control'
import type { RunAnswer } from '@/domain/api/executions'
import { executionStatusSchema } from '@/domain/api/fields'
import { DomainError } from '@/domain/domain-error'
import { pool } from '../db/pool'
import { callerKey } from './caller-key'
import { planNewRun } from './plan-new-run'
import { retryExecution } from './retry-execution'
import { findByKey, startFrom, type StartedExecution } from './start-execution'

/**
 * Retries an execution: in it, or as an execution of its own, which the answer then names. What the same
 * `idempotencyKey` asked for is done once and answered again. Throws DomainError: `not_found`, `conflict`,
 * `invalid_playbook`.
 */
export async function retryRun(
  executionId: string,
  request: RetryRequest,
  idempotencyKey?: string,
): Promise<RunAnswer> {
  // Before anything is planned: what could be retried then may have changed since.
  const known = idempotencyKey === undefined ? null : await findRetry(executionId, idempotencyKey)
  const retried = known ?? (await retry(executionId, request, idempotencyKey))
  return { execution_id: retried.executionId, status: executionStatusSchema.parse(retried.status) }
}

type Retried = Pick<StartedExecution, 'executionId' | 'status'>

async function retry(executionId: string, request: RetryRequest, idempotencyKey?: string): Promise<Retried> {
  if (isAnew(request)) return startAnew(executionId, request, idempotencyKey)
  return { executionId, status: await retryExecution(executionId, request, idempotencyKey) }
}

/** What the key has done: retried the execution in place, or started one that retries it. */
async function findRetry(executionId: string, key: string): Promise<Retried | null> {
  const { rows } = await pool().query<Retried>(
    `SELECT execution_id AS "executionId", status FROM noetl.execution
     WHERE execution_id = $1 AND state -> 'retriedWith' ? $2 AND removed_at IS NULL`,
    [executionId, key],
  )
  if (rows[0] !== undefined) return rows[0]
  const known = await findByKey(pool(), callerKey(key))
  if (known === null || known.retriedFrom === executionId) return known
  throw new DomainError(
    'conflict',
    `This Idempotency-Key has started execution ${known.executionId}, which is no retry of execution ${executionId}.`,
    { hint: 'Send another key with each thing that is to be done once.' },
  )
}

async function startAnew(executionId: string, request: RetryAnew, idempotencyKey?: string): Promise<StartedExecution> {
  const { source, given, only, scheduleId } = await planNewRun(executionId, request)
  const { scope, version = 'ran' } = request
  return startFrom(
    {
      workload: given,
      trigger: {
        type: 'retry',
        execution_id: executionId,
        scope,
        version,
        ...(scheduleId !== null && { schedule_id: scheduleId }),
      },
      retriedFrom: executionId,
      ...(only !== null && { only }),
      ...(idempotencyKey !== undefined && { idempotencyKey: callerKey(idempotencyKey) }),
    },
    async () => source,
  )
}
