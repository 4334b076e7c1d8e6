import { setImmediate as nextTurn } from 'node:timers/promises'
import { conditionActual } from '@/domain/execution/condition-actual'
import { errorFactsOf } from '@/domain/execution/error-facts'
import { errorFactsSchema, type ErrorFacts, type NewEvent } from '@/domain/execution/events'
import { executionEvent, stepsLeftOut } from '@/domain/execution/workflow-events'
import type { Expectation } from '@/domain/playbook/playbook'
import { evaluateCondition } from '@/domain/playbook/template/evaluate-template'
import { buildScope } from './build-scope'
import { isPassing } from './is-passing'
import type { Orchestration } from './orchestration'
import { ticketOfParent } from './ticket-of-parent'

type Totals = {
  elements: number
  failed: number
  pages: number
  items: number
  retries: number
  duration_ms: number | null
}

/** Ends an execution: steps that a failure left out are told of, expectations are checked, then the terminal event. Without an error of its own, the first failed step's counts. */
export async function endExecution(
  work: Orchestration,
  { status, error }: { status: 'COMPLETED' | 'FAILED'; error?: ErrorFacts },
): Promise<void> {
  const { client, run } = work
  if (status === 'FAILED') work.events.push(...stepsLeftOut(run.playbook.workflow, work.state))
  for (const expectation of run.playbook.expect) {
    work.events.push(await check(work, expectation))
    // Each may take a second, in which no lease is renewed.
    await nextTurn()
  }
  const reason = status === 'COMPLETED' ? null : (error ?? (await errorOfFailedStep(work)))
  const { rows } = await client.query<Totals>({
    name: 'end-execution',
    text: `UPDATE noetl.execution SET status = $2, error = $3, ended_at = clock_timestamp() WHERE execution_id = $1
           RETURNING elements, failed, pages, items::float8 AS items, retries,
             round(extract(epoch FROM clock_timestamp() - started_at) * 1000)::int AS duration_ms`,
    values: [run.executionId, status, reason === null ? null : JSON.stringify(reason)],
  })
  const { duration_ms, ...stats } = rows[0] ?? { duration_ms: null }
  const type = status === 'COMPLETED' ? 'playbook_completed' : 'playbook_failed'
  work.tickets.push(...(await ticketOfParent(client, run.executionId)))
  work.events.push(executionEvent(type, status, { stats, duration_ms, ...(reason !== null && { error: reason }) }))
}

/** An expectation that can't be evaluated didn't hold; it never fails the run. */
async function check(work: Orchestration, { name, that }: Expectation): Promise<NewEvent> {
  try {
    const scope = await buildScope(work.client, work.run, [that])
    const passed = evaluateCondition(that, scope)
    return expectationChecked({ name, passed, that, actual: conditionActual(that, scope) })
  } catch (error) {
    if (isPassing(error)) throw error
    return expectationChecked({ name, passed: false, that, actual: null, error: errorFactsOf(error) })
  }
}

const expectationChecked = (context: {
  name: string
  passed: boolean
  that: string
  actual: unknown
  error?: ErrorFacts
}): NewEvent => executionEvent('expectation_checked', context.passed ? 'COMPLETED' : 'FAILED', context)

async function errorOfFailedStep({ client, run, state, events }: Orchestration): Promise<ErrorFacts> {
  const failed = run.playbook.workflow.find(({ step }) => state.steps[step] === 'failed')?.step ?? null
  const { rows } = await client.query<{ error: unknown }>({
    name: 'read-step-error',
    text: 'SELECT error FROM noetl.step WHERE execution_id = $1 AND step = $2',
    values: [run.executionId, failed],
  })
  const noted = events.find((event) => event.event_type === 'step_failed' && event.node_name === failed)
  const { data: error } = errorFactsSchema.safeParse(rows[0]?.error ?? noted?.context['error'])
  if (error === undefined) return { kind: 'internal', message: `Step "${failed}" failed.` }
  return { ...error, message: `Step "${failed}" failed: ${error.message}` }
}
