import { didYouMean } from '../nearest'
import type { Place } from './syntax'
import { TemplateError } from './template-error'
import { ownKeys, ownValue } from './values'

/** Steps that a template names and that have not run: no names of the scope, but known. */
export const ABSENT: unique symbol = Symbol('steps that have not run')

/** The names a template can see. `secret` is always there and needs no entry. */
export type Scope = Readonly<Record<string, unknown>> & { readonly [ABSENT]?: readonly string[] }

/** Names given by the template itself, in front of the scope: by `set` and by `for`. */
export type Frame = { names: Map<string, unknown>; outer: Frame | null }

/** Stands for a name that isn't there, under `is defined` and `default` only. */
export const UNDEFINED: unique symbol = Symbol('undefined')

/** The value of a name, or null when no frame and not the scope has it. */
export function lookUp(name: string, frame: Frame, scope: Scope): { value: unknown } | null {
  for (let current: Frame | null = frame; current !== null; current = current.outer) {
    if (current.names.has(name)) return { value: current.names.get(name) }
  }
  return ownValue(scope, name)
}

/** The refusal of a name that isn't there, with the nearest that is. */
export function undefinedName(name: string, at: Place, visible: { frame: Frame; scope: Scope }): TemplateError {
  const names = ownKeys(visible.scope)
  for (let current: Frame | null = visible.frame; current !== null; current = current.outer) {
    names.push(...current.names.keys())
  }
  const hint =
    (visible.scope[ABSENT]?.includes(name) === true ? hintForAbsent(name) : null) ??
    didYouMean(name, names) ??
    (names.length === 0 ? null : `Known here: ${names.toSorted().slice(0, 12).join(', ')}.`)
  return new TemplateError(`${name} is not defined`, at, { missing: name, ...(hint === null ? {} : { hint }) })
}

const hintForAbsent = (step: string): string =>
  `The step ${step} has not run here, or was skipped: write ${step}.… | default(…), or ask ${step} is defined.`
