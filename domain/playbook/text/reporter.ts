import { isScalar, type Node, type Scalar } from 'yaml'
import type { Diagnostic } from '../diagnostic'
import { parentPointer } from './json-pointer'
import { offsetInSource } from './scalar-offset'
import type { YamlPlace } from './yaml-value'

export type Finding = { code: string; message: string; hint?: string; severity?: 'error' | 'warning' }

/** Turns findings at JSON pointers, or at places inside a text value, into diagnostics with lines and columns. */
export type Reporter = {
  /** At the value; at the nearest parent when there is none. */
  value: (finding: Finding, pointer: string) => void
  /** At the key of the value. */
  key: (finding: Finding, pointer: string) => void
  /** At an offset inside the text that a scalar holds. */
  inside: (finding: Finding, pointer: string, offset: number) => void
  /** At offsets in the document. */
  at: (finding: Finding, from: number, to: number, pointer?: string) => void
  /** True when there are more errors than anybody is told of, so that looking for others is wasted. */
  isFull: () => boolean
}

/** So many diagnostics are told. */
export const MAX_DIAGNOSTICS = 200

type Source = {
  text: string
  places: ReadonlyMap<string, YamlPlace>
  diagnostics: Diagnostic[]
}

/** A reporter that adds to `diagnostics`. */
export function createReporter({ text, places, diagnostics }: Source): Reporter {
  const starts = lineStarts(text)
  let errors = 0
  const at = (finding: Finding, first: number, behind: number, pointer = ''): void => {
    const from = Math.min(first, text.length)
    const to = Math.min(Math.max(from, behind), text.length)
    if (finding.severity !== 'warning') errors += 1
    const start = positionAt(starts, from)
    const end = positionAt(starts, to)
    diagnostics.push({
      code: finding.code,
      severity: finding.severity ?? 'error',
      message: finding.message,
      hint: finding.hint ?? null,
      path: pointer,
      line: start.line,
      column: start.column,
      endLine: end.line,
      endColumn: end.column,
      from,
      to,
    })
  }
  const atNode = (finding: Finding, node: Node | Scalar, pointer: string): void => {
    const [from, to] = node.range ?? [0, 0]
    at(finding, from, Math.max(from, trimmedEnd(text, from, to)), pointer)
  }
  return {
    at,
    isFull: () => errors > MAX_DIAGNOSTICS,
    value: (finding, pointer) => {
      const place = nearestPlace(places, pointer)
      if (place === null) return at(finding, 0, 0, pointer)
      const exact = places.has(pointer)
      const holder = !exact || !isScalar(place.node) ? (place.key ?? firstKey(place.node)) : place.node
      return atNode(finding, holder, pointer)
    },
    key: (finding, pointer) => {
      const place = nearestPlace(places, pointer)
      return place === null ? at(finding, 0, 0, pointer) : atNode(finding, place.key ?? firstKey(place.node), pointer)
    },
    inside: (finding, pointer, offset) => {
      const place = places.get(pointer)
      if (place === undefined || !isScalar(place.node)) return at(finding, 0, 0, pointer)
      const from = offsetInSource(text, place.node, offset)
      const to = wordEnd(text, from, place.node.range?.[1] ?? from)
      return at(finding, from, to, pointer)
    },
  }
}

/** The parser's own count of lines leaves some out where it reads a text twice. */
function lineStarts(text: string): number[] {
  const starts = [0]
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) starts.push(index + 1)
  return starts
}

function positionAt(starts: readonly number[], offset: number): { line: number; column: number } {
  let low = 0
  let high = starts.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
}

function nearestPlace(places: ReadonlyMap<string, YamlPlace>, pointer: string): YamlPlace | null {
  for (let current: string | null = pointer; current !== null; current = parentPointer(current)) {
    const place = places.get(current)
    if (place !== undefined) return place
  }
  return null
}

/** A whole step underlined in red says nothing: its first key stands for it. */
function firstKey(node: Node): Node {
  if (!('items' in node) || !Array.isArray(node.items)) return node
  const first: unknown = node.items[0]
  const key: unknown = typeof first === 'object' && first !== null && 'key' in first ? first.key : null
  return isScalar(key) ? key : node
}

function trimmedEnd(text: string, from: number, to: number): number {
  return from + text.slice(from, to).trimEnd().length
}

function wordEnd(text: string, from: number, limit: number): number {
  const word = /^[\p{L}\p{N}_.]+/u.exec(text.slice(from, limit))?.[0] ?? text.slice(from, from + 1)
  return from + word.length
}
