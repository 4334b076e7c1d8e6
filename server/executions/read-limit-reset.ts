import type { LimitReset } from '@/domain/api/control'
import { compileElementPlan } from '@/domain/execution/element-plan'
import { buildRequest } from '@/domain/pagination/build-request'
import type { HttpStep } from '@/domain/playbook/playbook'
import { readBudgetPause } from '@/domain/retry/asked-wait'
import { readFreeAt } from '../db/reserve-slots'
import { fromExactJsonb } from '../db/exact-jsonb'
import { pool } from '../db/pool'
import { readSecrets } from '../secrets/read-secrets'
import { elementScope } from './element-scope'
import { isPassing } from './is-passing'
import { loadRun, type Run } from './load-run'
import { budgetKey } from './request-budget'

type Reset = { at: number; because: string }
type AnswerRow = { status: number; headers: Record<string, string>; at: Date }

/** What the API said with its last failures, and with the last pages of the elements that ended last. */
const LAST_ANSWERS = `
  (SELECT status, response_headers AS headers, started_at + duration_ms * interval '1 millisecond' AS at
   FROM noetl.attempt WHERE execution_id = $1 AND status IS NOT NULL AND response_headers IS NOT NULL
   ORDER BY started_at DESC LIMIT 50)
  UNION ALL
  (SELECT p.status, p.response_headers, p.started_at + p.duration_ms * interval '1 millisecond'
   FROM (SELECT step, iteration_index FROM noetl.iteration WHERE execution_id = $1 AND pages > 0
         ORDER BY ended_at DESC NULLS LAST LIMIT 50) i
   CROSS JOIN LATERAL (SELECT * FROM noetl.page
     WHERE execution_id = $1 AND step = i.step AND iteration_index = i.iteration_index ORDER BY page DESC LIMIT 1) p)`

/**
 * When the limit resets that the next requests of an execution would meet: as its API said last, or by the budget of a
 * step's own `rate_limit`. Null when nothing is known to hold them back.
 */
export async function readLimitReset(executionId: string): Promise<LimitReset | null> {
  const resets = [...(await saidByApi(executionId)), ...(await ofBudgets(executionId))]
  const last = resets.toSorted((a, b) => b.at - a.at)[0]
  if (last === undefined || last.at <= Date.now()) return null
  return { at: new Date(last.at).toISOString(), because: last.because }
}

async function saidByApi(executionId: string): Promise<Reset[]> {
  const { rows } = await pool().query<AnswerRow>(LAST_ANSWERS, [executionId])
  return rows.flatMap(({ status, headers, at }) => {
    const pauseMs = readBudgetPause(status, headers, at)
    return pauseMs === null ? [] : [{ at: at.getTime() + pauseMs, because: `the API, in an answer with ${status}` }]
  })
}

async function ofBudgets(executionId: string): Promise<Reset[]> {
  try {
    const run = await loadRun(pool(), executionId)
    if (run === null) return []
    const { workflow } = run.playbook
    const limited = workflow.filter((step): step is HttpStep => step.tool === 'http' && step.rateLimit !== null)
    return (await Promise.all(limited.map(async (step) => ofBudget(run, step)))).flat()
  } catch (error) {
    if (isPassing(error)) throw error
    // A template or a secret that fails the retry itself says so there, in words of its own.
    return []
  }
}

/** The elements of a step may have budgets of their own; the first one to be tried again speaks for them. */
async function ofBudget(run: Run, step: HttpStep): Promise<Reset[]> {
  const { rows } = await pool().query<{ index: number; element: string | null; epoch: number }>(
    `SELECT iteration_index AS index, element::text, epoch FROM noetl.iteration
     WHERE execution_id = $1 AND step = $2 AND iteration_index >= 0
     ORDER BY status IN ('FAILED', 'CANCELLED') DESC, iteration_index LIMIT 1`,
    [run.executionId, step.step],
  )
  const first = rows[0]
  if (first === undefined) return []
  const { scope, secrets: names } = await elementScope(run, step, { ...first, element: fromExactJsonb(first.element) })
  const plan = compileElementPlan({ step, index: first.index, scope, secrets: await readSecrets(names) })
  if (plan.budget === null) return []
  const { requests, perSeconds } = plan.budget
  const key = budgetKey(plan.budget, buildRequest(plan.first, plan).url)
  const freeAt = await readFreeAt({ key, requests, perSeconds })
  const because = `rate_limit of step "${step.step}": ${requests} in ${perSeconds} s`
  return freeAt === null ? [] : [{ at: freeAt.getTime(), because }]
}
