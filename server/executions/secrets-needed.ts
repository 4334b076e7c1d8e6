import { secretNames } from '@/domain/playbook/template/secret-text'
import type { Step } from '@/domain/playbook/playbook'
import { workloadScope } from './build-scope'
import type { Run } from './load-run'
import { referencesOf } from './references-of'

/** Names of the secrets these templates may use: named by themselves, or in the part of the workload they refer to. */
export function secretsNeeded(run: Run, templates: unknown): string[] {
  const names = new Set<string>()
  for (const [root, key] of referencesOf(templates)) {
    if (root === 'secret' && key !== undefined) names.add(key)
    if (root === 'workload') for (const name of secretNames(workloadPart(run, key))) names.add(name)
  }
  return [...names]
}

/** Names of all secrets a playbook may use anywhere: what one step was given an API may tell another one. */
export function secretsOfPlaybook(run: Run): string[] {
  const { workflow } = run.playbook
  const named = workflow.flatMap((step) => [...namedIn(templatesOf(step)), ...namedIn([step.loop, step.next])])
  return [...new Set([...secretNames(workloadScope(run)['workload']), ...named, ...workflow.flatMap(credentialsOf)])]
}

/** Credentials are secrets that no template names: of an API, or the address of a registered database. */
export function credentialsOf(step: Step): string[] {
  const own = step.tool === 'postgres' ? step.credential : null
  const auth = step.tool === 'http' && step.auth?.type === 'credential' ? step.auth.credential : null
  return [own, auth, ...step.sinks.map(({ credential }) => credential)].filter((name) => name !== null)
}

/** Routing and the author's own words are no templates of an iteration. */
export function templatesOf(step: Step): unknown {
  const { next: _next, loop: _loop, description: _description, ...rest } = step
  if (rest.tool === 'http' || rest.tool === 'postgres') return { ...rest, written: null }
  return rest.tool === 'transform' ? { ...rest, expression: null } : rest
}

function namedIn(templates: unknown): string[] {
  return referencesOf(templates).flatMap(([root, name]) => (root === 'secret' && name !== undefined ? [name] : []))
}

function workloadPart(run: Run, key: string | undefined): unknown {
  const { workload } = workloadScope(run)
  if (key === undefined) return workload
  return typeof workload === 'object' && workload !== null && Object.hasOwn(workload, key)
    ? Reflect.get(workload, key)
    : undefined
}
