import { endOfString } from '../json-string'

/**
 * Values cut out of JSON text as they stand there, so that 64-bit numbers, NUL and lone surrogates survive: nothing is
 * parsed and written again. All functions take text that a JSON parser has accepted.
 */

/** Below this depth a value is taken whole instead of being looked into. */
const MAX_DEPTH = 256

const QUOTE = 34
const COMMA = 44
const OPEN_ARRAY = 91
const CLOSE_ARRAY = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125

/** The value at a path of keys and array positions, or null when it isn't there. */
export function sliceAt(text: string, path: readonly string[]): string | null {
  let found: string | null = text.trim()
  for (const segment of path) {
    if (found === null) return null
    found = childOf(found, segment)
  }
  return found
}

/** The elements of an array; an object is its own only element; null and nothing have none. */
export function* itemSlices(text: string | null): Generator<string> {
  if (text === null) return
  const value = text.trim()
  if (value.charCodeAt(0) === OPEN_ARRAY) yield* elementSlices(value)
  else if (value !== '' && value !== 'null') yield value
}

/** The scalars and arrays of an object by dotted path, in the order they stand there; any other value is `value`. */
export function flatten(text: string): [path: string, slice: string][] {
  if (text.charCodeAt(0) !== OPEN_OBJECT) return [['value', text]]
  const found: [string, string][] = []
  flattenInto(found, text, '', 0)
  return found
}

/** Dotted paths with all that lie above them, made once for many items. */
export type Paths = { wanted: ReadonlySet<string>; above: ReadonlySet<string> }

export const pathsOf = (paths: readonly string[]): Paths => ({
  wanted: new Set(paths),
  above: new Set(paths.flatMap(prefixesOf)),
})

/** The values at some dotted paths of an object; a path may name a nested object as well. */
export function pick(text: string, paths: Paths): Map<string, string> {
  const found = new Map<string, string>()
  if (text.charCodeAt(0) === OPEN_OBJECT) pickInto(found, text, '', paths)
  else if (paths.wanted.has('value')) found.set('value', text)
  return found
}

/** What a string literal says, or any other value as it stands. */
export function scalarText(slice: string): string {
  if (slice.charCodeAt(0) !== QUOTE) return slice
  const inner = slice.slice(1, -1)
  if (!inner.includes('\\')) return inner
  const decoded: unknown = JSON.parse(slice)
  return typeof decoded === 'string' ? decoded : inner
}

/** The same value without line breaks: none can be inside a string, where they are escaped. */
export const oneLine = (slice: string): string =>
  /[\r\n]/.test(slice) ? slice.replaceAll(/[\r\n]+[ \t]*/g, '') : slice

function flattenInto(found: [string, string][], text: string, prefix: string, depth: number): void {
  for (const [key, slice] of memberSlices(text)) {
    const path = prefix + key
    const isNested = slice.charCodeAt(0) === OPEN_OBJECT && depth < MAX_DEPTH && !isEmptyObject(slice)
    if (isNested) flattenInto(found, slice, `${path}.`, depth + 1)
    else found.push([path, slice])
  }
}

function pickInto(found: Map<string, string>, text: string, prefix: string, paths: Paths): void {
  for (const [key, slice] of memberSlices(text)) {
    const path = prefix + key
    if (paths.wanted.has(path)) found.set(path, slice)
    if (paths.above.has(path) && slice.charCodeAt(0) === OPEN_OBJECT) pickInto(found, slice, `${path}.`, paths)
  }
}

/** `a.b.c` lies under `a` and `a.b`. */
const prefixesOf = (path: string): string[] =>
  [...path.matchAll(/\./g)].map((dot) => path.slice(0, dot.index)).slice(0, MAX_DEPTH)

const isEmptyObject = (slice: string): boolean => slice.charCodeAt(skipSpace(slice, 1)) === CLOSE_OBJECT

function childOf(text: string, segment: string): string | null {
  if (text.charCodeAt(0) === OPEN_OBJECT) return memberCalled(text, segment)
  if (text.charCodeAt(0) !== OPEN_ARRAY || !/^\d+$/.test(segment)) return null
  let left = Number(segment)
  for (const slice of elementSlices(text)) if (left-- === 0) return slice
  return null
}

/** The last of several members of one name wins, as it does in JSON.parse. */
function memberCalled(text: string, name: string): string | null {
  let found: string | null = null
  for (const [key, slice] of memberSlices(text)) if (key === name) found = slice
  return found
}

function* elementSlices(text: string): Generator<string> {
  let at = skipSpace(text, 1)
  while (at < text.length && text.charCodeAt(at) !== CLOSE_ARRAY) {
    const end = endOfValue(text, at)
    yield text.slice(at, end)
    at = skipSeparator(text, end)
  }
}

function* memberSlices(text: string): Generator<[key: string, slice: string]> {
  let at = skipSpace(text, 1)
  while (at < text.length && text.charCodeAt(at) !== CLOSE_OBJECT) {
    const keyEnd = endOfString(text, at) + 1
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1)
    const end = endOfValue(text, start)
    yield [scalarText(text.slice(at, keyEnd)), text.slice(start, end)]
    at = skipSeparator(text, end)
  }
}

function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start)
  if (first === QUOTE) return endOfString(text, start) + 1
  return first === OPEN_OBJECT || first === OPEN_ARRAY ? endOfNested(text, start) : endOfScalar(text, start)
}

function endOfNested(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const c = text.charCodeAt(at)
    if (c === QUOTE) at = endOfString(text, at)
    else if (c === OPEN_OBJECT || c === OPEN_ARRAY) depth++
    else if ((c === CLOSE_OBJECT || c === CLOSE_ARRAY) && --depth === 0) return at + 1
  }
  return text.length
}

function endOfScalar(text: string, start: number): number {
  let at = start
  while (at < text.length && !isScalarEnd(text.charCodeAt(at))) at++
  return at
}

const isSpace = (c: number): boolean => c === 32 || c === 10 || c === 13 || c === 9
const isScalarEnd = (c: number): boolean => c === COMMA || c === CLOSE_ARRAY || c === CLOSE_OBJECT || isSpace(c)

function skipSpace(text: string, from: number): number {
  let at = from
  while (isSpace(text.charCodeAt(at))) at++
  return at
}

function skipSeparator(text: string, from: number): number {
  const at = skipSpace(text, from)
  return text.charCodeAt(at) === COMMA ? skipSpace(text, at + 1) : at
}
