import { toJsonb } from './to-jsonb'

/** events.md: a context holds the facts of an event, at most 64 KiB. */
const MAX_CONTEXT_BYTES = 64 * 1024

/** An event's context as JSON text. Of one that is too big the largest facts are dropped and named: no event is lost for its size. */
export function eventContext(context: Record<string, unknown>): string {
  const text = toJsonb(context)
  const bytes = Buffer.byteLength(text)
  return bytes <= MAX_CONTEXT_BYTES ? text : toJsonb(withoutLargestFacts(context, bytes))
}

function withoutLargestFacts(context: Record<string, unknown>, bytes: number): Record<string, unknown> {
  const facts = Object.entries(context).map(([name, value]) => ({
    name,
    value,
    size: Buffer.byteLength(toJsonb(value)),
  }))
  const omitted: Record<string, string> = {}
  let left = bytes
  for (const fact of facts.toSorted((a, b) => b.size - a.size)) {
    if (left <= MAX_CONTEXT_BYTES / 2) break
    omitted[fact.name] = `${fact.size} bytes`
    left -= fact.size
  }
  const kept = facts.filter((fact) => !(fact.name in omitted)).map((fact) => [fact.name, fact.value])
  return { ...Object.fromEntries(kept), omitted_because_too_large: omitted }
}
