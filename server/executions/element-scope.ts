import { isClosing } from '@/domain/execution/closing-iteration'
import type { Step } from '@/domain/playbook/playbook'
import type { Scope } from '@/domain/playbook/template/evaluate-template'
import { secretNames } from '@/domain/playbook/template/secret-text'
import { pool } from '../db/pool'
import { buildScope } from './build-scope'
import type { Run } from './load-run'
import { readCollection } from './read-collection'
import { credentialsOf, secretsNeeded, secretsOfPlaybook, templatesOf } from './secrets-needed'

type StepScope = { scope: Scope; size: number; elements: unknown[] | null; secrets: string[]; others: string[] }

/** Results of earlier steps may be megabytes: few are kept, and the elements of one loop share them. */
const KEPT = 8
const kept = new Map<string, Promise<StepScope>>()

/**
 * What the templates of a step see for one iteration, and the names of the secrets they may use, beside those of the
 * `others` steps, which an API may give back here. Stored elements are masked, so an element that holds a secret is taken
 * from the collection, evaluated once more.
 */
export async function elementScope(
  run: Run,
  step: Step,
  iteration: { index: number; element: unknown; epoch: number },
): Promise<{ scope: Scope; secrets: string[]; others: string[] }> {
  const { scope, size, elements, secrets, others } = await stepScope(run, step, iteration.epoch)
  if (step.loop === null || isClosing(iteration)) return { scope, secrets, others }
  const { index } = iteration
  const element = elements === null ? iteration.element : elements[index]
  const looped = { ...scope, [step.loop.element]: element, _loop: { index, count: index + 1, size } }
  return { scope: looped, secrets: [...new Set([...secrets, ...secretNames(element)])], others }
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
    others: secretsOfPlaybook(run),
  }
}

async function secretElements(run: Run, step: Step): Promise<unknown[] | null> {
  if (step.loop === null || secretsNeeded(run, step.loop.collection).length === 0) return null
  return (await readCollection(pool(), run, { ...step, loop: step.loop })).elements
}
