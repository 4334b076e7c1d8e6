/** The names a template can see. `secret` is always there and needs no entry. */
export type Scope = Readonly<Record<string, unknown>>

/** A lone `{{ expression }}` gives its native value; anything else text, or SecretText when a secret is in it. Throws TemplateError. */
export function evaluateTemplate(_source: string, _scope: Scope): unknown {
  throw new Error('not written yet')
}

/** Evaluates every template inside JSON, keys left alone. Throws TemplateError. */
export function renderDeep(_value: unknown, _scope: Scope): unknown {
  throw new Error('not written yet')
}

/** Whether `{{ source }}` counts as true: None, false, 0, '' and empty lists and objects don't. */
export function evaluateCondition(_source: string, _scope: Scope): boolean {
  throw new Error('not written yet')
}
