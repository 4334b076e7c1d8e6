import { isObject } from '../item-path'

/** A plain value beside the items of an answer, and where it lies. */
export type Clue = { path: readonly PathKey[]; name: string; value: unknown }

const MAX_DEPTH = 6
const MAX_CLUES = 300

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
      if (clues.length >= MAX_CLUES || isSamePath(at, itemsPath)) continue
      const name = plainName(key)
      const index = Array.isArray(member) && isBegin(at, itemsPath) ? Number(itemsPath?.[at.length]) : Number.NaN
      const element: unknown = Array.isArray(member) ? member[index] : undefined
      if (isObject(element)) walk(element, [...at, index])
      else if (isObject(member) && name !== OBJECT_TOKEN) {
        if (at.length < MAX_DEPTH) walk(member, at)
      } else if (!Array.isArray(member)) clues.push({ path: at, name, value: member })
    }
  }
  if (isObject(body)) walk(body, [])
  return clues
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
