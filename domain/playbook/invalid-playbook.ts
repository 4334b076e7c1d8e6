import { DomainError } from '../domain-error'
import type { Diagnostic } from './diagnostic'

/** The refusal of a playbook, with every error's place; warnings are left out. */
export function invalidPlaybook(diagnostics: readonly Diagnostic[]): DomainError {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const [first] = errors
  const detail =
    first === undefined
      ? 'The playbook cannot be read.'
      : `Line ${first.line}, column ${first.column}: ${first.message}`
  return new DomainError('invalid_playbook', errors.length > 1 ? `${detail} (and ${errors.length - 1} more)` : detail, {
    places: errors.map(({ path, line, column, message, hint }) => ({
      path,
      line,
      column,
      message: hint === null ? message : `${message} (${hint})`,
    })),
    ...(first?.hint ? { hint: first.hint } : {}),
  })
}
