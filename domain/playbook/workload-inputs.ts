import type { Json, JsonObject } from '../json'
import { hasTemplate } from './template/parse-template'

export type InputKind = 'string' | 'number' | 'boolean' | 'json' | 'template'

/** One input of a run as a form shows it. */
export type WorkloadInput = { key: string; default: Json; kind: InputKind }

/** What a form asks for before a run, in the order of the playbook. */
export const workloadInputs = (workload: JsonObject): WorkloadInput[] =>
  Object.entries(workload).map(([key, value]) => ({ key, default: value, kind: kindOf(value) }))

function kindOf(value: Json): InputKind {
  if (typeof value === 'string') return hasTemplate(value) ? 'template' : 'string'
  if (typeof value === 'number' || typeof value === 'bigint') return 'number'
  return typeof value === 'boolean' ? 'boolean' : 'json'
}
