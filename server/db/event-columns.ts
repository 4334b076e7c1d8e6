import type { NewEvent } from '@/domain/execution/events'
import { toJsonb } from './to-jsonb'

/** events.md: a context holds the facts of an event, at most 64 KiB. */
const MAX_CONTEXT_BYTES = 64 * 1024

/** The columns of `noetl.event` that a writer brings, as one array each, for `unnest`. */
export function eventColumns(events: readonly NewEvent[]): unknown[] {
  return [
    events.map((event) => event.event_type),
    events.map((event) => event.status),
    events.map((event) => event.node_name),
    events.map((event) => event.iteration_index),
    events.map((event) => event.page),
    events.map((event) => event.attempt),
    events.map((event) => contextOf(event)),
  ]
}

function contextOf(event: NewEvent): string {
  const context = toJsonb(event.context)
  const bytes = Buffer.byteLength(context)
  if (bytes <= MAX_CONTEXT_BYTES) return context
  return toJsonb(withoutLargestFacts(event.context, bytes))
}

/** Drops the largest facts and says which, so that an event is never lost for being too big. */
function withoutLargestFacts(context: Record<string, unknown>, bytes: number): Record<string, unknown> {
  const sized = Object.entries(context).map(([name, value]) => ({
    name,
    value,
    size: Buffer.byteLength(toJsonb(value)),
  }))
  const omitted: Record<string, string> = {}
  let left = bytes
  for (const fact of sized.toSorted((a, b) => b.size - a.size)) {
    if (left <= MAX_CONTEXT_BYTES / 2) break
    omitted[fact.name] = `${fact.size} bytes`
    left -= fact.size
  }
  const kept = sized.filter((fact) => !(fact.name in omitted)).map((fact) => [fact.name, fact.value])
  return { ...Object.fromEntries(kept), omitted_because_too_large: omitted }
}
