import { isClosing } from '@/domain/execution/closing-iteration'
import type { Move } from '@/domain/execution/decide'
import type { ErrorFacts } from '@/domain/execution/events'
import { leftOut } from '@/domain/execution/left-out'
import { stepCompleted, stepFailed, type StepStats } from '@/domain/execution/workflow-events'
import { withPhase } from '@/domain/execution/workflow-state'
import type { Step } from '@/domain/playbook/playbook'
import { patiently, type Queryable } from '../db/pool'
import type { Orchestration } from './orchestration'

type StatsRow = StepStats & { duration_ms: number }
type FirstIteration = { stop_reason: string | null; warnings: unknown[]; pages: number; items: number; result: unknown }
type FailedIteration = { index: number; label: string | null; error: ErrorFacts }

/** Aggregates a step whose iterations have all ended, from its counters. */
export async function completeStep(work: Orchestration, step: Step): Promise<void> {
  const { client, run } = work
  const { duration_ms, ...stats } = await closeStep(client, {
    executionId: run.executionId,
    step,
    status: 'COMPLETED',
    error: null,
  })
  const facts = step.loop === null ? await factsOfOnly(client, run.executionId, step) : {}
  work.events.push(...stepCompleted(step, stats, { duration_ms, ...facts }))
  work.state = withPhase(work.state, step.step, 'finished')
  work.counts.delete(step.step)
}

/**
 * Fails a step by its first failed iteration; the iterations not begun are skipped, and counted as such. Where none failed
 * now and some were left out before, it fails for them.
 */
export async function failStep(
  work: Orchestration,
  { step, unreleased }: Extract<Move, { do: 'fail' }>,
): Promise<void> {
  const { client, run } = work
  if (unreleased > 0) await skipUnreleased(client, run.executionId, step.step)
  const error = (await firstFailure(client, run.executionId, step)) ?? errorWithoutFailure(work, step)
  const { duration_ms, ...stats } = await closeStep(client, {
    executionId: run.executionId,
    step,
    status: 'FAILED',
    error,
  })
  const facts = step.loop === null && step.tool === 'http' ? await factsOfOnly(client, run.executionId, step) : {}
  work.events.push(...stepFailed(step, error, { acted: true, stats, durationMs: duration_ms, facts }))
  work.state = withPhase(work.state, step.step, 'failed')
  work.counts.delete(step.step)
}

async function closeStep(
  client: Queryable,
  { executionId, step, status, error }: { executionId: string; step: Step; status: string; error: ErrorFacts | null },
): Promise<StatsRow> {
  const { rows } = await client.query<StatsRow>({
    name: 'close-step',
    text: `UPDATE noetl.step SET status = $3, error = $4, ended_at = clock_timestamp(),
             result = jsonb_build_object('stats', jsonb_build_object('total', coalesce(collection_size, 0),
               'success', completed, 'failed', failed, 'skipped', skipped, 'pages', pages, 'items', items))
           WHERE execution_id = $1 AND step = $2
           RETURNING coalesce(collection_size, 0) AS total, completed AS success, failed, skipped, pages, items::float8 AS items,
             round(extract(epoch FROM clock_timestamp() - started_at) * 1000)::int AS duration_ms`,
    values: [executionId, step.step, status, error === null ? null : JSON.stringify(error)],
  })
  const row = rows[0]
  if (row === undefined) throw new Error(`Step "${step.step}" of execution ${executionId} has no row.`)
  return row
}

/** Without a loop the only iteration speaks for the step. */
async function factsOfOnly(client: Queryable, executionId: string, step: Step): Promise<Record<string, unknown>> {
  const { rows } = await client.query<FirstIteration>({
    name: 'read-only-iteration',
    text: `SELECT stop_reason, warnings, pages, items, checkpoint -> 'result' AS result FROM noetl.iteration
           WHERE execution_id = $1 AND step = $2 AND iteration_index = 0`,
    values: [executionId, step.step],
  })
  const only = rows[0]
  if (only === undefined) return {}
  const { result, ...paged } = only
  return step.tool === 'http' ? paged : { result }
}

async function skipUnreleased(client: Queryable, executionId: string, step: string): Promise<void> {
  await client.query(
    patiently({
      name: 'skip-unreleased',
      text: `WITH unreleased AS (
             UPDATE noetl.iteration i SET status = 'SKIPPED', ended_at = clock_timestamp()
             FROM noetl.step s
             WHERE s.execution_id = $1 AND s.step = $2 AND i.execution_id = $1 AND i.step = $2
               AND i.iteration_index >= s.released AND i.status = 'PENDING'
             RETURNING 1
           )
           UPDATE noetl.step SET skipped = skipped + (SELECT count(*) FROM unreleased) WHERE execution_id = $1 AND step = $2`,
      values: [executionId, step],
    }),
  )
}

async function firstFailure(client: Queryable, executionId: string, step: Step): Promise<ErrorFacts | null> {
  const { rows } = await client.query<FailedIteration>({
    name: 'read-first-failure',
    text: `SELECT iteration_index AS index, label, error FROM noetl.iteration
           WHERE execution_id = $1 AND step = $2 AND status = 'FAILED' ORDER BY iteration_index LIMIT 1`,
    values: [executionId, step.step],
  })
  const failure = rows[0]
  if (failure === undefined) return null
  if (step.loop === null || isClosing(failure)) return failure.error
  const name = failure.label === null ? `#${failure.index}` : `"${failure.label}" (#${failure.index})`
  return { ...failure.error, message: `Element ${name} failed: ${failure.error.message}` }
}

function errorWithoutFailure({ counts }: Orchestration, { step }: Step): ErrorFacts {
  const skipped = counts.get(step)?.skipped ?? 0
  if (skipped > 0) return leftOut(skipped)
  return { kind: 'internal', message: `An iteration of step "${step}" failed without leaving an error.` }
}
