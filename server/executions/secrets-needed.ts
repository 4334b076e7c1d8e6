import { secretNames } from '@/domain/playbook/template/secret-text'
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

function workloadPart(run: Run, key: string | undefined): unknown {
  const { workload } = workloadScope(run)
  if (key === undefined) return workload
  return typeof workload === 'object' && workload !== null && Object.hasOwn(workload, key)
    ? Reflect.get(workload, key)
    : undefined
}
