import jsonata from 'jsonata'
import { DomainError } from '@/domain/domain-error'
import type { AssertStep, TransformStep } from '@/domain/playbook/playbook'
import { evaluateCondition, renderDeep } from '@/domain/playbook/template/evaluate-template'
import { secretNames } from '@/domain/playbook/template/secret-text'
import type { ElementWork } from './element-work'
import { keepResult } from './run-query'

const TIME_LIMIT_MS = 5_000

/** Reshapes the input by a JSONata expression and keeps the result. Throws DomainError `template`. */
export async function runTransform(work: ElementWork<TransformStep>): Promise<void> {
  const { input, expression } = work.step
  const value = renderDeep(input, work.scope)
  if (secretNames(value).length > 0)
    throw new DomainError('template', 'A transform can not be given a secret: its result is stored.')
  await keepResult(work, await evaluate(expression, value))
}

/** Checks every condition and keeps which held; one that did not fails the step. Throws DomainError `template`. */
export async function runAssert(work: ElementWork<AssertStep>): Promise<void> {
  const checks = work.step.that.map(({ name, expr }) => ({ name, passed: evaluateCondition(expr, work.scope) }))
  await keepResult(work, { checks })
  const broken = checks.filter(({ passed }) => !passed).map(({ name }) => name)
  if (broken.length > 0) throw new DomainError('template', `These checks did not hold: ${broken.join(', ')}.`)
}

async function evaluate(source: string, input: unknown): Promise<unknown> {
  try {
    const expression = jsonata(source, { timeout: TIME_LIMIT_MS, stack: 1_000 })
    const result: unknown = await expression.evaluate(input)
    return result ?? null
  } catch (error) {
    const message =
      typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
    throw new DomainError('template', `The transform's expression failed: ${message}`, { cause: error })
  }
}
