import type { ChildFacts, History } from './history'

const ENDED: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'CANCELLED'])

type Parent = Pick<History, 'status' | 'endedAt' | 'children'>

/**
 * Holds the end of an execution against its children, of which each element of a step in `expected` has one: none is
 * started twice, none is left behind, and the parent ends as they did, not before them. One sentence a broken promise.
 */
export function checkChildren(parent: Parent, expected: Readonly<Record<string, number>>): string[] {
  const byPlace = childrenByPlace(parent.children)
  const wanted = new Set(
    Object.entries(expected).flatMap(([step, count]) =>
      Array.from({ length: count }, (_, index) => `${step}/${index}`),
    ),
  )
  return [
    ...[...byPlace]
      .filter(([, children]) => children.length > 1)
      .map(([place, children]) => `${place} started ${children.length} children: ${namesOf(children)}`),
    ...[...byPlace.keys()]
      .filter((place) => !wanted.has(place))
      .map((place) => `${place} has a child of which nobody knows`),
    ...parent.children.flatMap((child) => checkEnds(parent, child)),
    ...(parent.status === 'COMPLETED'
      ? [...wanted].filter((place) => !byPlace.has(place)).map((place) => `${place} never started its child`)
      : []),
  ]
}

function childrenByPlace(children: readonly ChildFacts[]): Map<string, ChildFacts[]> {
  const places = new Map<string, ChildFacts[]>()
  for (const child of children) {
    const place = `${child.step}/${child.index}`
    places.set(place, [...(places.get(place) ?? []), child])
  }
  return places
}

function checkEnds({ status, endedAt }: Parent, child: ChildFacts): string[] {
  if (endedAt === null) return []
  const { executionId, endedAt: childEndedAt } = child
  if (childEndedAt === null || !ENDED.has(child.status))
    return [`is ${status}, but its child ${executionId} is ${child.status}`]
  if (status === 'COMPLETED' && child.status !== 'COMPLETED')
    return [`is COMPLETED, but its child ${executionId} is ${child.status}`]
  // A parent that is cancelled ends its children in the same statement.
  const aheadMs = childEndedAt.getTime() - endedAt.getTime()
  return status !== 'CANCELLED' && aheadMs > 0 ? [`ended ${aheadMs} ms before its child ${executionId}`] : []
}

const namesOf = (children: readonly ChildFacts[]): string => children.map(({ executionId }) => executionId).join(', ')
