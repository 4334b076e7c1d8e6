import { setImmediate as nextTurn } from 'node:timers/promises'
import { hash } from 'node:crypto'
import type { Detect, TestedElement } from '@/domain/api/playbook-test'
import { DomainError } from '@/domain/domain-error'
import { analyseCollection } from '@/domain/execution/analyse-collection'
import type { Digest } from '@/domain/pagination/content-hash'
import { compileElementPlan, type ElementPlan } from '@/domain/execution/element-plan'
import { labelOf } from '@/domain/execution/view-context'
import { invalidPlaybook } from '@/domain/playbook/invalid-playbook'
import { parsePlaybook } from '@/domain/playbook/parse-playbook'
import type { HttpStep, Playbook } from '@/domain/playbook/playbook'
import type { Scope } from '@/domain/playbook/template/evaluate-template'
import { inTurns } from '@/domain/in-turns'
import { maskSecretText, secretNames } from '@/domain/playbook/template/secret-text'
import { workloadScope } from '../executions/build-scope'
import { createHiddenValues, type HiddenValues } from '../executions/hidden-values'
import type { Run } from '../executions/load-run'
import { referencesOf } from '../executions/references-of'
import { secretsNeeded, secretsOfPlaybook } from '../executions/secrets-needed'
import { overriddenKeys } from '../executions/start-execution'
import { readSecrets } from '../secrets/read-secrets'

/** One element of an http step, ready to be asked for outside of any execution. */
export type StepOnTrial = { step: HttpStep; plan: ElementPlan; hidden: HiddenValues; element: TestedElement }

const MOST_LABELS = 100

/** What templates see as `execution_id` where there is no execution. */
const NO_EXECUTION = '0'

/**
 * Everything before the first request, by the code of a run. `change` may say how the step differs from the text. Throws
 * DomainError: the playbook, the step, its collection or a template is wrong, or it needs the results of earlier steps.
 */
export async function stepOnTrial(
  { content, step: name, element_index: index, workload }: Detect,
  change: (step: HttpStep) => HttpStep = (step) => step,
): Promise<StepOnTrial> {
  const playbook = readPlaybook(content)
  const step = change(httpStep(playbook, name))
  const run: Run = {
    executionId: NO_EXECUTION,
    playbook,
    workload: { ...playbook.workload, ...workload },
    overrides: new Set(overriddenKeys(playbook.workload, workload)),
  }
  const templates = templatesOf(step)
  refuseResults(playbook, step, templates)
  const scope = workloadScope(run)
  const { elements, element } = await elementOf(step, index, scope)
  const named = [
    ...secretsNeeded(run, templates),
    ...secretNames(elements[index]),
    ...(step.auth?.type === 'credential' ? [step.auth.credential] : []),
  ]
  const secrets = await readSecrets(named, secretsOfPlaybook(run))
  const looped =
    step.loop === null
      ? scope
      : { ...scope, [step.loop.element]: elements[index], _loop: { index, count: index + 1, size: elements.length } }
  const known = createHiddenValues(secrets, null)
  try {
    const plan = { ...compileElementPlan({ step, index, scope: looped, secrets }), digest }
    const hidden = createHiddenValues(plan.secrets, null)
    return { step, plan, hidden, element: hidden.redactor().json(element) }
  } catch (error) {
    throw masked(error, known)
  }
}

/** A refusal whose words hold no secret. */
export function masked(error: unknown, hidden: HiddenValues): unknown {
  if (!(error instanceof DomainError)) return error
  const { code, message, places, hint } = hidden.redactor().words(wordsOf(error))
  return new DomainError(code, message, { places, ...(hint === null ? {} : { hint }) })
}

const wordsOf = ({ code, message, places, hint }: DomainError) => ({ code, message, places, hint })

const digest: Digest = (text) => hash('sha1', text)

function readPlaybook(content: string): Playbook {
  const { playbook, diagnostics } = parsePlaybook(content)
  if (playbook !== null) return playbook
  throw invalidPlaybook(diagnostics)
}

function httpStep({ workflow }: Playbook, name: string): HttpStep {
  const step = workflow.find((each) => each.step === name)
  if (step?.tool === 'http') return step
  const names = workflow.flatMap((each) => (each.tool === 'http' ? [each.step] : []))
  throw new DomainError(
    'invalid_request',
    step === undefined
      ? `The playbook has no step "${name}".`
      : `The step "${name}" sends no request, so there is nothing to test in it.`,
    { hint: names.length === 0 ? 'Only steps with tool: http can be tested.' : `Steps to test: ${names.join(', ')}.` },
  )
}

/** Sinks store and `next` routes: neither happens in a test. */
function templatesOf(step: HttpStep): unknown {
  const { next: _next, sinks: _sinks, description: _description, written: _written, ...rest } = step
  return rest
}

function refuseResults({ workflow }: Playbook, step: HttpStep, templates: unknown): void {
  const steps = new Set(workflow.map((each) => each.step))
  const own = new Set([step.loop?.element, '_loop'])
  const needed = referencesOf(templates).flatMap(([name]) =>
    name !== undefined && steps.has(name) && !own.has(name) ? [name] : [],
  )
  const names = [...new Set(needed)]
  if (names.length === 0) return
  const plural = names.length > 1
  throw new DomainError(
    'invalid_request',
    `The step "${step.step}" needs the result of the step${plural ? 's' : ''} ${names.map((each) => `"${each}"`).join(', ')}, which a test does not run.`,
    {
      hint: 'Run the playbook instead, or put an example of that result into the workload and refer to it while you test.',
    },
  )
}

async function elementsOf({ step, loop }: HttpStep, scope: Scope): Promise<unknown[]> {
  if (loop === null) return [null]
  return (await inTurns(analyseCollection(step, loop, scope), async () => nextTurn())).elements
}

async function elementOf(
  step: HttpStep,
  index: number,
  scope: Scope,
): Promise<{ elements: unknown[]; element: TestedElement }> {
  const elements = await elementsOf(step, scope)
  const count = elements.length
  if (count === 0)
    throw new DomainError('collection_invalid', `The collection of step "${step.step}" is empty.`, {
      hint: 'There is no element to test: look at loop.collection, where and limit.',
    })
  if (index >= count)
    throw new DomainError(
      'invalid_request',
      `The step "${step.step}" has ${count} element${count === 1 ? '' : 's'}, so the index of an element goes from 0 to ${count - 1}; it is ${index}.`,
    )
  const label = (each: unknown, at: number): string =>
    step.loop === null ? step.step : labelOf(maskSecretText(each), at)
  return {
    elements,
    element: { index, label: label(elements[index], index), count, labels: elements.slice(0, MOST_LABELS).map(label) },
  }
}
