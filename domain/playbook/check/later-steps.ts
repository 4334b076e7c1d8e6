import { dataMember } from '../template/values'

/** The names of the steps that can't have finished while a step runs: itself and all that it leads to. By its index. */
export function laterSteps(workflow: unknown): (index: number) => ReadonlySet<string> {
  const steps: unknown[] = Array.isArray(workflow) ? workflow : []
  const indexes = new Map(steps.map((step, index) => [dataMember(step, 'step'), index]))
  const known = new Map<number, ReadonlySet<string>>()
  return (index) => {
    const found = known.get(index) ?? reachedFrom(index, steps, indexes)
    known.set(index, found)
    return found
  }
}

function reachedFrom(
  index: number,
  steps: readonly unknown[],
  indexes: ReadonlyMap<unknown, number>,
): ReadonlySet<string> {
  const reached = new Set([index])
  // A set gives what is added to it while it is gone through.
  for (const at of reached) {
    const next = dataMember(steps[at], 'next')
    for (const entry of Array.isArray(next) ? next : []) {
      const target = indexes.get(dataMember(entry, 'step'))
      if (target !== undefined) reached.add(target)
    }
  }
  const names = Array.from(reached, (at) => dataMember(steps[at], 'step'))
  return new Set(names.filter((name) => typeof name === 'string'))
}
