import type { ErrorFacts } from '@/domain/execution/events'
import type { ElementView, ExecutionView } from '@/domain/execution/view'

export type FailureGroup = { key: string; step: string; error: ErrorFacts; elements: ElementView[] }

/** Failed elements by what failed them: step, kind and status; the largest group first. */
export function failureGroups(view: ExecutionView): FailureGroup[] {
  const groups = new Map<string, FailureGroup>()
  for (const step of view.steps) {
    for (const element of step.elements) {
      if (element === null || element.error === null) continue
      const key = `${step.name}:${element.error.kind}:${element.error.status ?? ''}`
      const group = groups.get(key) ?? { key, step: step.name, error: element.error, elements: [] }
      group.elements.push(element)
      groups.set(key, group)
    }
  }
  return [...groups.values()].toSorted((one, other) => other.elements.length - one.elements.length)
}
