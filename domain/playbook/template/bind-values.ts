import type { Operation } from './operation'
import { TemplateError } from './template-error'
import type { Context } from './values'

/** Arguments given at run time (the rest of `map('round', 2)`), checked like written ones. Throws TemplateError. */
export function bindValues(
  operation: Operation,
  given: readonly unknown[],
  told: { label: string; context: Context },
): readonly unknown[] {
  const used = given.filter((value) => value !== undefined)
  if (used.length < operation.required || used.length > operation.params.length) {
    throw new TemplateError(`${told.label} takes ${operation.params.join(', ') || 'no arguments'}`, told.context.at)
  }
  return operation.params.map((_name, index) => used[index])
}
