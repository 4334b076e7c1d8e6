import { stringifyPreciseJson } from '../json-precise'
import { maskSecretText } from '../playbook/template/secret-text'
import { inNumbers, isNumeric } from '../playbook/template/values'

/** Of a key that is a list: so many of its values are compared one by one, those after them by their JSON. */
const MOST_KEYS = 16

type SortKey = { rank: number; parts: readonly SortKey[]; value: number | bigint | string }

/**
 * Elements in the order of their keys: numbers by size, integers beyond 53 bits among them, then texts, then lists by their
 * first value and so on, then all else by its JSON; what has no value comes last, as in SQL. Descending is the reverse of
 * it all; elements with equal keys stay in their order.
 */
export function sortByKeys(
  elements: readonly unknown[],
  keys: readonly unknown[],
  { descending }: { descending: boolean },
): unknown[] {
  const sign = descending ? -1 : 1
  return sortKeysOf(keys)
    .map((key, index) => ({ element: elements[index], key }))
    .toSorted((a, b) => sign * compareKeys(a.key, b.key))
    .map(({ element }) => element)
}

/** Kinds keep apart: 9 < 10 as numbers and 10 < 1a < 9 as texts would be a circle. */
function compareKeys(a: SortKey, b: SortKey): number {
  if (a.rank !== b.rank) return a.rank - b.rank
  const sign = a.parts.length > 0 || b.parts.length > 0 ? compareParts(a.parts, b.parts) : 0
  return sign || Number(a.value > b.value) - Number(a.value < b.value)
}

/** By the first that differ; of lists that begin alike the shorter comes first. */
function compareParts(a: readonly SortKey[], b: readonly SortKey[]): number {
  for (const [at, part] of a.entries()) {
    const other = b[at]
    const sign = other === undefined ? 1 : compareKeys(part, other)
    if (sign !== 0) return sign
  }
  return a.length - b.length
}

/** Of values that are compared with one another. */
function sortKeysOf(values: readonly unknown[]): SortKey[] {
  const parts = partsOf(values)
  return inNumbers(values).map((value, index) => {
    if (isNumeric(value)) return { rank: 0, parts: [], value }
    if (typeof value === 'string') return { rank: 1, parts: [], value }
    if (value === null || value === undefined) return { rank: 4, parts: [], value: '' }
    const json = stringifyPreciseJson(maskSecretText(value))
    return Array.isArray(value)
      ? { rank: 2, parts: parts.get(index) ?? [], value: json }
      : { rank: 3, parts: [], value: json }
  })
}

/** The keys of the first values of each list, by its place; the values at one place are compared with one another. */
function partsOf(values: readonly unknown[]): Map<number, SortKey[]> {
  const parts = new Map<number, SortKey[]>()
  for (let at = 0; at < MOST_KEYS; at++) {
    const longer = values.flatMap((value, index) =>
      Array.isArray(value) && at < value.length ? [{ index, value }] : [],
    )
    if (longer.length === 0) return parts
    for (const [place, key] of sortKeysOf(longer.map(({ value }): unknown => value[at])).entries()) {
      const index = longer[place]?.index ?? 0
      parts.set(index, (parts.get(index) ?? []).concat(key))
    }
  }
  return parts
}
