import { budgetAtOnce } from '@/domain/playbook/template/budget'
import { renderDeep, type Scope } from '@/domain/playbook/template/evaluate-template'
import { ABSENT } from '@/domain/playbook/template/scope'
import type { Queryable } from '../db/pool'
import { env } from '../env'
import type { Run } from './load-run'
import { readStepResult } from './read-step-result'
import { referencesOf } from './references-of'

/** Parts of a step's result that need none of its pages. */
const CHEAP: ReadonlySet<string> = new Set(['stats', 'status'])

/**
 * The names these templates can see: workload, execution_id, env, and the steps they refer to. The results of a step are
 * read from its pages only if one of the templates does more than look at `stats`. Throws TemplateError, DomainError.
 */
export async function buildScope(client: Queryable, run: Run, templates: unknown): Promise<Scope> {
  const scope: Record<string, unknown> = { ...workloadScope(run) }
  const needs = stepsNeeded(run, templates)
  const absent: string[] = []
  for (const [name, values] of needs) {
    const result = await readStepResult(client, run, { step: name, values })
    if (result === null) absent.push(name)
    else scope[name] = result
  }
  return absent.length === 0 ? scope : { ...scope, [ABSENT]: absent }
}

const rendered = new WeakMap<Run, Scope>()

/**
 * Workload, execution_id and env; an entry of the workload sees the entries before it. What the run gave is never a
 * template: whoever may run a playbook could else read any secret with it. Rendered once per process and execution.
 */
export function workloadScope(run: Run): Scope {
  const known = rendered.get(run)
  if (known !== undefined) return known
  const base = { execution_id: run.executionId, env: env.TEMPLATE_ENV }
  const workload: Record<string, unknown> = {}
  const budget = budgetAtOnce()
  for (const [key, value] of Object.entries(run.workload)) {
    Object.defineProperty(workload, key, {
      value: run.overrides.has(key) ? value : renderDeep(value, { ...base, workload }, budget),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  const scope = { ...base, workload }
  rendered.set(run, scope)
  return scope
}

function stepsNeeded(run: Run, templates: unknown): Map<string, boolean> {
  const steps = new Set(run.playbook.workflow.map(({ step }) => step))
  const needs = new Map<string, boolean>()
  for (const [name, part] of referencesOf(templates)) {
    if (name === undefined || !steps.has(name)) continue
    const values = part === undefined || !CHEAP.has(part)
    needs.set(name, values || needs.get(name) === true)
  }
  return needs
}
