import type { Json, JsonObject } from '../json'

/** One input of a run as a form shows it. */
export type WorkloadInput = {
  key: string
  default: Json
  kind: 'string' | 'number' | 'boolean' | 'json' | 'template'
}

/** What a form must ask for, in the order of the playbook. */
export function workloadInputs(_workload: JsonObject): WorkloadInput[] {
  throw new Error('not written yet')
}
