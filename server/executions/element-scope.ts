import { isClosing } from '@/domain/execution/closing-iteration'
import type { Step } from '@/domain/playbook/playbook'
import type { Scope } from '@/domain/playbook/template/evaluate-template'
import { secretNames } from '@/domain/playbook/template/secret-text'
import { pool } from '../db/pool'
import { buildScope } from './build-scope'
import type { Run } from './load-run'
import { readCollection } from './read-collection'
import { secretsNeeded } from './secrets-needed'

type StepScope = { scope: Scope; size: number; elements: unknown[] | null; secrets: string[] }

/** Results of earlier steps may be megabytes: few are kept, and the elements of one loop share them. */
const KEPT = 8
const kept = new Map<string, Promise<StepScope>>()

/**
 * What the templates of a step see for one iteration, and the names of the secrets they may use. Stored elements are
 * masked, so an element that holds a secret is taken from the collection, evaluated once more.
 */
export async function elementScope(
  run: Run,
  step: Step,
  iteration: { index: number; element: unknown; epoch: number },
): Promise<{ scope: Scope; secrets: string[] }> {
  const { scope, size, elements, secrets } = await stepScope(run, step, iteration.epoch)
  if (step.loop === null || isClosing(iteration)) return { scope, secrets }
  const { index } = iteration
  const element = elements === null ? iteration.element : elements[index]
  const looped = { ...scope, [step.loop.element]: element, _loop: { index, count: index + 1, size } }
  return { scope: looped, secrets: [...new Set([...secrets, ...secretNames(element)])] }
}

/** Claimed once more, an element may have been retried because the results before it are others now. */
async function stepScope(run: Run, step: Step, epoch: number): Promise<StepScope> {
  const key = `${run.executionId}/${step.step}/${epoch}`
  const known = kept.get(key)
  if (known !== undefined) return known
  const reading = readStepScope(run, step)
  if (kept.size >= KEPT) kept.delete(kept.keys().next().value ?? '')
  kept.set(key, reading)
  reading.catch(() => kept.delete(key))
  return reading
}

async function readStepScope(run: Run, step: Step): Promise<StepScope> {
  const templates = templatesOf(step)
  const scope = await buildScope(pool(), run, templates)
  const { rows } = await pool().query<{ size: number }>({
    name: 'read-collection-size',
    text: 'SELECT coalesce(collection_size, 1) AS size FROM noetl.step WHERE execution_id = $1 AND step = $2',
    values: [run.executionId, step.step],
  })
  return {
    scope,
    size: rows[0]?.size ?? 1,
    elements: await secretElements(run, step),
    secrets: [...secretsNeeded(run, templates), ...credentialsOf(step)],
  }
}

/** Routing and the author's own words are no templates of an iteration. */
function templatesOf(step: Step): unknown {
  const { next: _next, loop: _loop, description: _description, ...rest } = step
  if (rest.tool === 'http' || rest.tool === 'postgres') return { ...rest, written: null }
  return rest.tool === 'transform' ? { ...rest, expression: null } : rest
}

/** Credentials are secrets that no template names: of an API, or the address of a registered database. */
function credentialsOf(step: Step): string[] {
  const own = step.tool === 'postgres' ? step.credential : null
  const auth = step.tool === 'http' && step.auth?.type === 'credential' ? step.auth.credential : null
  return [own, auth, ...step.sinks.map(({ credential }) => credential)].filter((name) => name !== null)
}

async function secretElements(run: Run, step: Step): Promise<unknown[] | null> {
  if (step.loop === null || secretsNeeded(run, step.loop.collection).length === 0) return null
  return (await readCollection(pool(), run, { ...step, loop: step.loop })).elements
}
