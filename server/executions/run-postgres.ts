import type { HandedOver } from '../db/hand-over'
import { z } from 'zod'
import { errorFactsOf } from '@/domain/execution/error-facts'
import type { ErrorFacts } from '@/domain/execution/events'
import { iterationEvent } from '@/domain/execution/workflow-events'
import type { PostgresStep } from '@/domain/playbook/playbook'
import { fullBudget } from '@/domain/playbook/template/budget'
import { evaluateCondition } from '@/domain/playbook/template/evaluate-template'
import { decideStatementRetry, isPassingStatement } from '@/domain/retry/decide-statement-retry'
import { tryNames } from '@/domain/retry/try-names'
import { done, failedWith, type ActionEnd } from './action-end'
import { ClaimLost } from './claim-lost'
import type { ElementWork } from './element-work'
import { isPassing } from './is-passing'
import { redactEvents } from './redact-step'
import { runQuery } from './run-query'
import { settleCompleted } from './settle-element'
import { sqlstateOf } from './sqlstate-of'

type Work = ElementWork<PostgresStep>

/**
 * Runs a postgres step and settles it; in the local database both are one transaction. A failure goes by the step's
 * `retry`, and the wait holds no slot. Throws ClaimLost, and what says that our own database is away.
 */
export async function runPostgres(work: Work): Promise<HandedOver | ActionEnd> {
  const startedAt = new Date()
  try {
    return await settleAction(work)
  } catch (error) {
    if (error instanceof ClaimLost || isPassing(error)) throw error
    return afterFailure(work, error, startedAt)
  }
}

async function settleAction(work: Work): Promise<HandedOver> {
  if (work.step.credential === null) return settleCompleted(work, done(), async (client) => runQuery(client, work))
  // The statement is committed over there before we can say so here: after a crash between, it runs again.
  await runQuery(null, work)
  return settleCompleted(work, done())
}

async function afterFailure(work: Work, cause: unknown, startedAt: Date): Promise<ActionEnd> {
  const facts = errorFactsOf(cause)
  const sqlstate = sqlstateOf(cause)
  const failures = (checkpointSchema.parse(work.claim.checkpoint)?.failures ?? 0) + 1
  const retryable = isPassingStatement({ kind: facts.kind, sqlstate })
  const error = { ...facts, status: null, type: sqlstate ?? facts.kind, attempt: failures, retryable }
  const names = tryNames({ status: null, success: false, body: null, attempt: failures })
  const scope = { ...names, ...work.scope, error, response: null, http: null }
  const budget = fullBudget()
  const decision = decideStatementRetry(
    work.step.retry.onError,
    { kind: facts.kind, sqlstate, failures },
    { random: Math.random(), holds: (condition) => evaluateCondition(condition, scope, budget) },
  )
  if (decision.retry) return retry(work, { ...facts, attempt: failures }, { ...decision, startedAt })
  if (!decision.exhausted || failures === 1) return failedWith(facts)
  return failedWith({ ...facts, attempt: failures, message: `${facts.message} This was try ${failures}, the last.` })
}

/** How often it failed so far. */
const checkpointSchema = z.object({ failures: z.number().int().optional() }).nullable()

async function retry(
  work: Work,
  error: ErrorFacts & { attempt: number },
  { delayMs, reason, startedAt }: { delayMs: number; reason: string; startedAt: Date },
): Promise<ActionEnd> {
  const until = new Date(Date.now() + delayMs)
  const at = { step: work.key.step, index: work.key.index }
  const context = {
    error,
    attempt: error.attempt,
    delay_ms: delayMs,
    reason,
    started_at: startedAt.toISOString(),
    duration_ms: Date.now() - startedAt.getTime(),
  }
  const event = { ...iterationEvent('page_retry', 'RUNNING', at, context), attempt: error.attempt }
  const written = await work.writer.write({
    ...work.key,
    epoch: work.claim.epoch,
    page: null,
    attempt: null,
    events: redactEvents([event], work.redactor),
    checkpoint: { failures: error.attempt },
    status: 'WAITING',
    nextAttemptAt: until,
  })
  return written === 'fenced' ? { end: 'interrupted' } : { end: 'waiting', until }
}
