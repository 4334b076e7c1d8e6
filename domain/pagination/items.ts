import { countsNothing } from './counts-nothing'
import { guessPagedItems, LIST_NAMES } from './guess-items'
import { describeShape, isObject, parseBodyPath, readListPath, type BodyPath } from './item-path'
import { PageFault } from './page-fault'

/** `path` leads to a list in the body that is exactly these items; null when they were gathered or wrapped. */
type ItemsReading = { items: readonly unknown[]; path: string[] | null; guessed: boolean }

/**
 * The items of one body; without a path they are guessed, more carefully where the body is one of several pages. A list that
 * an API leaves out where it counts nothing is an empty one. Throws `items_path_missing` when a path leads nowhere.
 */
export function readItems(body: unknown, path: BodyPath | null, page: number, isPaged = false): ItemsReading {
  if (path === null) return { ...guessedItems(body, page, isPaged), guessed: true }
  return { ...itemsAt(body, path, page), guessed: false }
}

/** The reading of a page that has no list, because there is nothing. */
export const NO_ITEMS: Omit<ItemsReading, 'guessed'> = { items: [], path: null }

function guessedItems(body: unknown, page: number, isPaged: boolean): Omit<ItemsReading, 'guessed'> {
  if (isPaged && isObject(body)) {
    const path = guessPagedItems(body, page)
    if (path === 'empty' || (path === null && isWithoutList(body))) return NO_ITEMS
    if (path !== null) return itemsAt(body, parsedPath(path), page)
  }
  return itemsAt(body, parsedPath(guessItemsPath(body)), page)
}

/** An object that stands for no item: it is empty, has null where its list would be, or counts nothing. */
const isWithoutList = (body: Record<string, unknown>): boolean =>
  Object.keys(body).length === 0 || LIST_NAMES.some((name) => body[name] === null) || countsNothing(body)

/** Where a body most likely keeps its items; [] is the body itself. */
function guessItemsPath(body: unknown): string[] {
  if (!isObject(body)) return []
  const lists = Object.keys(body).filter((key) => Array.isArray(body[key]))
  const named = LIST_NAMES.find((name) => lists.includes(name))
  if (named !== undefined) return [named]
  if (lists.length === 1) return lists
  for (const key of [...LIST_NAMES, ...Object.keys(body)]) {
    const member = Object.hasOwn(body, key) ? body[key] : undefined
    if (!isObject(member)) continue
    const inner = Object.keys(member).filter((name) => Array.isArray(member[name]))
    const innerNamed = LIST_NAMES.find((name) => inner.includes(name))
    if (innerNamed !== undefined) return [key, innerNamed]
    if (inner.length === 1) return [key, ...inner]
  }
  const ofObjects = lists.filter((key) => Array.isArray(body[key]) && isObject(body[key][0]))
  return ofObjects.length === 1 ? ofObjects : []
}

/** The path whose segments are these keys. */
export const parsedPath = (keys: readonly string[]): BodyPath => ({
  text: keys.length === 0 ? '$' : keys.join('.'),
  segments: keys.map((key) => ({ kind: 'key', key })),
})

/** A path as the playbook writes it; '' and '$' are the whole body. */
export const itemsPathOf = (text: string): BodyPath => parseBodyPath(text)

function itemsAt(body: unknown, path: BodyPath, page: number): { items: readonly unknown[]; path: string[] | null } {
  const reading = readListPath(body, path)
  if (!reading.found) {
    if (countsNothing(body)) return NO_ITEMS
    const where = reading.at.length === 0 ? 'the body' : `\`${reading.at.join('.')}\``
    throw new PageFault(
      'items_path_missing',
      `items path \`${path.text}\` is missing on page ${page}; ${where} has: ${describeShape(reading.parent)}`,
      'set the path of the items to one of these, or `$` for the whole body; where an API leaves an empty list out, say so in `stop.when`',
    )
  }
  const { value } = reading
  if (Array.isArray(value)) return { items: value, path: reading.path }
  // Go APIs write an empty list as null.
  if (value === null) return { items: [], path: null }
  // A body that is one value is one item; at a path inside, a value is a wrong path.
  if (isObject(value) || path.segments.length === 0) return { items: [value], path: null }
  throw new PageFault(
    'items_path_missing',
    `items path \`${path.text === '' ? '$' : path.text}\` leads to ${describeShape(value)} on page ${page}, where a list or an object was expected`,
    'set the path of the items to the list itself',
  )
}
