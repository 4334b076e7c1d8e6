import { isAnew, type RetryAnew, type RetryRequest } from '@/domain/api/control'
import type { RunAnswer } from '@/domain/api/executions'
import { executionStatusSchema } from '@/domain/api/fields'
import { planNewRun } from './plan-new-run'
import { retryExecution } from './retry-execution'
import { startFrom } from './start-execution'

/**
 * Retries an execution: in it, or as an execution of its own, which the answer then names. The same `idempotencyKey`
 * gives the same new execution. Throws DomainError: `not_found`, `conflict`, `invalid_playbook`.
 */
export async function retryRun(
  executionId: string,
  request: RetryRequest,
  idempotencyKey?: string,
): Promise<RunAnswer> {
  if (isAnew(request)) return startAnew(executionId, request, idempotencyKey)
  await retryExecution(executionId, request)
  return { execution_id: executionId, status: 'RUNNING' }
}

async function startAnew(executionId: string, request: RetryAnew, idempotencyKey?: string): Promise<RunAnswer> {
  const { source, given, only } = await planNewRun(executionId, request)
  const { scope, version = 'ran' } = request
  const started = await startFrom(
    {
      workload: given,
      trigger: { type: 'retry', execution_id: executionId, scope, version },
      retriedFrom: executionId,
      ...(only !== null && { only }),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    },
    async () => source,
  )
  return { execution_id: started.executionId, status: executionStatusSchema.parse(started.status) }
}
