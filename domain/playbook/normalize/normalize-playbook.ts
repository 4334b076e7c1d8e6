import type { Playbook } from '../playbook'
import type { PlaybookSource } from '../schema'
import { expressionTemplate } from './expression-template'
import { normalizeStep } from './normalize-step'

/** A playbook that passed every check, in the one shape the rest of the system knows; `rawSteps` are as written. */
export function normalizePlaybook(source: PlaybookSource, rawSteps: readonly unknown[]): Playbook {
  const { metadata, workload = {}, workflow, expect = [] } = source
  return {
    name: metadata.name,
    path: metadata.path ?? metadata.name,
    description: metadata.description ?? null,
    workload,
    workflow: workflow.map((step, index) => normalizeStep(step, rawSteps[index])),
    expect: expect.map(({ name, that }) => ({ name, that: expressionTemplate(that) })),
  }
}
