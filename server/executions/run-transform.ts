import { DomainError } from '@/domain/domain-error'
import type { TransformStep } from '@/domain/playbook/playbook'
import { renderDeep } from '@/domain/playbook/template/evaluate-template'
import { secretNames } from '@/domain/playbook/template/secret-text'
import { evaluateJsonata } from '../transform/evaluate-jsonata'
import type { ElementWork } from './element-work'
import { keepResult } from './run-query'

/** Reshapes the input by a JSONata expression and keeps the result. Throws DomainError `template`. */
export async function runTransform(work: ElementWork<TransformStep>): Promise<void> {
  const { input, expression } = work.step
  const value = renderDeep(input, work.scope)
  if (secretNames(value).length > 0)
    throw new DomainError('template', 'A transform can not be given a secret: its result is stored.')
  await keepResult(work, await evaluateJsonata(expression, value))
}
