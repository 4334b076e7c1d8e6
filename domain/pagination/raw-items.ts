import type { HttpResponse } from '../http-message'
import { sliceAt } from '../results/json-slices'
import { isObject } from './item-path'

/** So much text around the list is read once more; with more, walking to the list is as fast. */
const MOST_AROUND = 8_000
const MOST_ENDS_TRIED = 4

/**
 * The JSON text of the list at `path` as it stands in the body's text, to be hashed; null when there is none. Most bodies
 * are one list in a small envelope: then the list is what lies between two pieces that together read as the rest of the
 * body (of a key written twice, that is both of its lists). With the body's bytes at hand it comes as those, which need
 * not be made of the text again.
 */
export function rawItems(
  { text, value, utf8 }: { text: string; value: unknown; utf8?: Uint8Array | undefined },
  path: readonly string[],
): string | Uint8Array | null {
  if (path.length === 0) return utf8 ?? text
  const place = cutOut(text, value, path)
  if (place === null) return sliceAt(text, path)
  if (utf8 === undefined) return text.slice(place.from, place.end)
  return utf8.subarray(bytesIn(text.slice(0, place.from)), utf8.length - bytesIn(text.slice(place.end)))
}

/** The items of an answer, to be hashed: as bytes only where those are of the text that was read. */
export const itemsAsTheyCame = (
  { text, value }: { text: string | null; value: unknown },
  response: Pick<HttpResponse, 'text' | 'utf8'>,
  path: readonly string[],
): string | Uint8Array | null =>
  text === null ? null : rawItems({ text, value, utf8: text === response.text ? response.utf8 : undefined }, path)

const encoder = new TextEncoder()
const bytesIn = (text: string): number => encoder.encode(text).length

function cutOut(text: string, body: unknown, path: readonly string[]): { from: number; end: number } | null {
  const sizes = keysOnTheWay(body, path)
  const from = sizes === null ? null : startOfList(text, path)
  if (sizes === null || from === null) return null
  const before = keysOnTheWay(parsed(`${text.slice(0, from)}0${'}'.repeat(path.length)}`), path)
  if (before === null) return null
  const head = path.map((key) => `{${JSON.stringify(key)}:`).join('')
  let end = text.lastIndexOf(']')
  for (let tried = 0; tried < MOST_ENDS_TRIED && end > from; tried++, end = text.lastIndexOf(']', end - 1)) {
    if (text.length - end > MOST_AROUND) return null
    const after = keysOnTheWay(parsed(`${head}0${text.slice(end + 1)}`), path)
    // Every key of the body once, before the list or after it: what is in between is the list and nothing else.
    if (after !== null && sizes.every((size, level) => size === (before[level] ?? 0) + (after[level] ?? 0) - 1))
      return { from, end: end + 1 }
  }
  return null
}

/** Where the list begins whose last key is the first of that name in the text; null when it is far in. */
function startOfList(text: string, path: readonly string[]): number | null {
  let at = 0
  for (const key of path) {
    const name = JSON.stringify(key)
    at = text.indexOf(name, at)
    if (at === -1 || at > MOST_AROUND) return null
    at += name.length
  }
  const opening = /^\s*:\s*(?=\[)/.exec(text.slice(at, at + 40))
  return opening === null ? null : at + opening[0].length
}

/** How many keys each object has that the path goes through; null where it doesn't. */
function keysOnTheWay(body: unknown, path: readonly string[]): number[] | null {
  const sizes: number[] = []
  let value = body
  for (const key of path) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return null
    sizes.push(Object.keys(value).length)
    value = value[key]
  }
  return sizes
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
