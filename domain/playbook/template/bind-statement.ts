import type { Scope } from './evaluate-template'

/** SQL with `$1 …` in the places of its `{{ }}`, and the values for them; a template is never text of the SQL. */
export function bindStatement(_statement: string, _scope: Scope): { text: string; values: unknown[] } {
  throw new Error('not written yet')
}
