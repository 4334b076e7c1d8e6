import { scalarText } from './json-slices'

/** What the cells of a column are in a typed file; `json` is JSON text, for values of several kinds, lists and objects. */
export type ColumnType = 'boolean' | 'integer' | 'number' | 'text' | 'json'
export type Cell = boolean | bigint | number | string | null

/** Kinds of JSON values as bits, so that those of a whole column are one number. */
const KINDS = {
  boolean: 1,
  /** An integer that a double holds as well. */
  integer: 2,
  /** An integer that only 64 bits hold. */
  longInteger: 4,
  fraction: 8,
  /** A number too large for either. */
  hugeNumber: 16,
  text: 32,
  nested: 64,
} as const
const NUMBERS = KINDS.integer | KINDS.longInteger | KINDS.fraction | KINDS.hugeNumber

const SAFE_DIGITS = 15
const MIN_INT64 = -(2n ** 63n)
const MAX_INT64 = 2n ** 63n - 1n

/** The kind of a JSON value as a bit, to be joined by `|` over a column; 0 for null, which every column may hold. */
export function kindsOf(slice: string): number {
  switch (slice[0]) {
    case 'n':
      return 0
    case 't':
    case 'f':
      return KINDS.boolean
    case '"':
      return KINDS.text
    case '{':
    case '[':
      return KINDS.nested
    default:
      return kindOfNumber(slice)
  }
}

/** The kind of a non-empty object, which a column may hold beside the fields of it that are columns themselves. */
export const OBJECT_KIND = KINDS.nested

/** The narrowest type that holds all values of these kinds without changing a digit of an integer. */
export function typeOf(kinds: number): ColumnType {
  if (kinds === 0 || kinds === KINDS.text) return 'text'
  if (kinds === KINDS.boolean) return 'boolean'
  if ((kinds & ~NUMBERS) !== 0) return 'json'
  if ((kinds & KINDS.hugeNumber) !== 0) return 'text'
  if ((kinds & KINDS.fraction) === 0) return 'integer'
  return (kinds & KINDS.longInteger) === 0 ? 'number' : 'text'
}

/** A JSON value as a cell of a column of this type; null for null and for a field that isn't there. Throws for a value that the type can't hold. */
export function cellOf(slice: string | undefined, type: ColumnType): Cell {
  if (slice === undefined || slice === 'null') return null
  switch (type) {
    case 'boolean':
      return booleanOf(slice)
    case 'integer':
      return BigInt(slice)
    case 'number':
      return numberOf(slice)
    case 'text':
      return writableText(scalarText(slice))
    case 'json':
      return slice
  }
}

/** Text as UTF-8 can hold it: a lone surrogate is shown as its escape. */
export const writableText = (text: string): string =>
  text.isWellFormed() ? text : text.replaceAll(/\p{Surrogate}/gu, (c) => `\\u${c.charCodeAt(0).toString(16)}`)

function kindOfNumber(slice: string): number {
  if (!/^-?\d+$/.test(slice)) return Number.isFinite(Number(slice)) ? KINDS.fraction : KINDS.hugeNumber
  if (slice.length <= SAFE_DIGITS) return KINDS.integer
  const integer = BigInt(slice)
  if (integer < MIN_INT64 || integer > MAX_INT64) return KINDS.hugeNumber
  return Number.isSafeInteger(Number(slice)) ? KINDS.integer : KINDS.longInteger
}

function booleanOf(slice: string): boolean {
  if (slice !== 'true' && slice !== 'false') throw new TypeError(`${slice.slice(0, 100)} is no boolean`)
  return slice === 'true'
}

function numberOf(slice: string): number {
  const number = Number(slice)
  if (Number.isNaN(number)) throw new TypeError(`${slice.slice(0, 100)} is no number`)
  return number
}
