import { isObject } from '../item-path'

/** A plain value beside the items of an answer, and where it lies. */
export type Clue = {
  path: readonly PathKey[]
  name: string
  value: unknown
  /** The path as a playbook writes it, where that is more than its keys. */
  text?: string
}

const MAX_DEPTH = 6
const MAX_CLUES = 300
const MAX_LINKS = 20

/** Objects whose counts are about something else. */
const ASIDE: ReadonlySet<string> = new Set([
  'shards',
  'facets',
  'aggregations',
  'extensions',
  'params',
  'responseheader',
  'constraints',
  'ratelimit',
])

/** A token that is an object: DynamoDB's. */
export const OBJECT_TOKEN = 'lastevaluatedkey'

/**
 * Every plain value and null of a body outside its items; `name` is the last key in small letters and digits only. Of a
 * list, the element that the items are in is looked into.
 */
export function readClues(body: unknown, itemsPath: readonly string[] | null): Clue[] {
  const clues: Clue[] = []
  const walk = (value: Record<string, unknown>, path: readonly PathKey[]): void => {
    for (const [key, member] of Object.entries(value)) {
      const at = [...path, key]
      const name = plainName(key)
      if (clues.length >= MAX_CLUES || isSamePath(at, itemsPath)) continue
      if (ASIDE.has(name) && isObject(member) && !isBegin(at, itemsPath)) continue
      const index = Array.isArray(member) && isBegin(at, itemsPath) ? Number(itemsPath?.[at.length]) : Number.NaN
      const element: unknown = Array.isArray(member) ? member[index] : undefined
      if (isObject(element)) walk(element, [...at, index])
      else if (Array.isArray(member)) clues.push(...linkClues(member, at))
      else if (isObject(member) && name !== OBJECT_TOKEN) {
        if (at.length < MAX_DEPTH) walk(member, at)
      } else clues.push({ path: at, name, value: member })
    }
  }
  if (isObject(body)) walk(body, [])
  return clues
}

const RELATIONS = ['rel', 'relation']
const HREFS = ['href', 'url']
const AROUND = ['first', 'last', 'prev', 'previous']

/** The next one of a list of links `{rel, href}`, as if it were `next: {href}`; null for `next` where the others are about pages. */
function linkClues(list: readonly unknown[], at: readonly PathKey[]): Clue[] {
  const links = list.slice(0, MAX_LINKS).filter(isObject)
  for (const rel of RELATIONS) {
    const next = links.find((link) => link[rel] === 'next')
    const href = HREFS.find((name) => typeof next?.[name] === 'string')
    if (next !== undefined && href !== undefined) {
      const text = `${pathText(at)}[?(@.${rel}=='next')].${href}`
      return [{ path: [...at, 'next', href], name: href, value: next[href], text }]
    }
    if (links.some((link) => AROUND.includes(String(link[rel]))))
      return [{ path: [...at, 'next'], name: 'next', value: null }]
  }
  return []
}

/** `Next_Page-Token` and `nextPageToken` are one name. */
export const plainName = (key: string): string => key.toLowerCase().replaceAll(/[^a-z0-9]/g, '')

/** The first clue with one of these names, in the order of the names, whose value passes. */
export function findClue(
  clues: readonly Clue[],
  names: readonly string[],
  passes: (value: unknown, clue: Clue) => boolean,
): Clue | null {
  for (const name of names) {
    const found = clues.find((clue) => clue.name === name && passes(clue.value, clue))
    if (found !== undefined) return found
  }
  return null
}

/** A key of an object, or an index of a list. */
export type PathKey = string | number

/** A path as a playbook writes it. */
export const pathText = (path: readonly PathKey[]): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    if (!/^[A-Za-z_$][\w$-]*$/.test(key) || (text === '' && key.startsWith('$')))
      return `${text}['${key.replaceAll(/['\\]/g, '\\$&')}']`
    return text === '' ? key : `${text}.${key}`
  }, '')

const isSamePath = (path: readonly PathKey[], other: readonly string[] | null): boolean =>
  path.length === other?.length && isBegin(path, other)

const isBegin = (path: readonly PathKey[], other: readonly string[] | null): boolean =>
  other !== null && path.length <= other.length && path.every((key, index) => String(key) === other[index])

/** The plain name of the key around the last one. */
export const parentName = (path: readonly PathKey[]): string => plainName(String(path.at(-2) ?? ''))
