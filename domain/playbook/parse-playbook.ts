import { checkCredentials } from './check/check-credentials'
import { checkLiterals } from './check/check-literals'
import { checkStep } from './check/check-step'
import { checkTemplates, type KnownOutside } from './check/check-templates'
import { checkWorkflow } from './check/check-workflow'
import type { Diagnostic } from './diagnostic'
import { asMeant } from './meant/as-meant'
import { normalizePlaybook } from './normalize/normalize-playbook'
import type { Playbook } from './playbook'
import { isPlaybookPath, playbookSchema } from './schema'
import { isDataObject, ownValue } from './template/values'
import { pointerOf } from './text/json-pointer'
import { readYaml } from './text/read-yaml'
import { MAX_DIAGNOSTICS } from './text/reporter'
import { tellIssues } from './text/tell-issues'

/**
 * Reads and checks the text of a playbook. `playbook` is null exactly when a diagnostic is an error. Of what is not
 * `outside`, where that is known, it warns.
 */
export function parsePlaybook(
  text: string,
  outside: KnownOutside = { env: null, secrets: null },
): {
  playbook: Playbook | null
  diagnostics: Diagnostic[]
} {
  const { value: written, report: ofWritten, diagnostics } = readYaml(text)
  if (diagnostics.length > 0) return { playbook: null, diagnostics: inOrder(diagnostics) }
  if (!isDataObject(written)) {
    const hint = 'It begins with apiVersion: noetl.io/v1.'
    ofWritten.value({ code: 'not_a_playbook', message: 'a playbook is an object (key: value)', hint }, '')
    return { playbook: null, diagnostics }
  }
  const { value, report, pointerIn } = asMeant(written, ofWritten)
  const parsed = playbookSchema.safeParse(value)
  if (!parsed.success) tellIssues(parsed.error.issues, value, report)
  const told = diagnostics.map((diagnostic) => ({ ...diagnostic, path: pointerIn(diagnostic.path) }))
  checkLiterals(value, told, report)
  checkTemplates(value, report, outside)
  if (outside.secrets !== null) checkCredentials(rawSteps(value), outside.secrets, report)
  if (parsed.success) {
    const { workflow, metadata } = parsed.data
    if (metadata.path === undefined && !isPlaybookPath(metadata.name)) {
      const message = '`path` is missing, and the name can’t stand for it'
      report.value({ code: 'missing', message, hint: 'Give a path such as pagination/basic.' }, '/metadata/name')
    }
    checkWorkflow(workflow, report)
    workflow.forEach((step, index) => checkStep(step, pointerOf(['workflow', index]), report))
  }
  const refused = diagnostics.some(({ severity }) => severity === 'error')
  const playbook = parsed.success && !refused ? normalizePlaybook(parsed.data, rawSteps(value)) : null
  return { playbook, diagnostics: inOrder(diagnostics) }
}

function rawSteps(value: object): readonly unknown[] {
  const workflow = ownValue(value, 'workflow')?.value
  return Array.isArray(workflow) ? workflow : []
}

/** Where there are too many, warnings give way: a playbook is never refused without an error that says why. */
function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>()
  const once = diagnostics.filter(({ code, from, message }) => {
    const key = `${code} ${from} ${message}`
    const first = !seen.has(key)
    seen.add(key)
    return first
  })
  const sorted = once.toSorted((left, right) => left.from - right.from || left.to - right.to)
  if (sorted.length <= MAX_DIAGNOSTICS) return sorted
  const errors = sorted.filter(({ severity }) => severity === 'error').slice(0, MAX_DIAGNOSTICS)
  const warnings = sorted.filter(({ severity }) => severity === 'warning').slice(0, MAX_DIAGNOSTICS - errors.length)
  return [...errors, ...warnings].toSorted((left, right) => left.from - right.from || left.to - right.to)
}
