import type { Diagnostic } from './diagnostic'
import type { Playbook } from './playbook'

/** Reads a playbook's text. `playbook` is null exactly when a diagnostic is an error. */
export function parsePlaybook(_text: string): { playbook: Playbook | null; diagnostics: Diagnostic[] } {
  throw new Error('not written yet')
}
