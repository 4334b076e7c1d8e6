import type { JsonObject } from './json'
import { endOfString } from './json-string'

/** Of a number in what comes from outside. */
export const MOST_DIGITS = 4096

type Reader = { text: string; at: number; mostDigits: number | undefined }

/**
 * Parses text that `JSON.parse` has accepted and whose depth was checked; integers beyond 2^53 come as bigint, all else as
 * from `JSON.parse`. With `mostDigits` also those beyond all doubles that are written with an exponent, and RangeError is
 * thrown for what would have more digits: a bigint of millions of them is made in seconds.
 */
export function parsePreciseJson(text: string, mostDigits?: number): unknown {
  return readValue({ text, at: 0, mostDigits })
}

/** JSON text of a value that may hold bigint, which is written as the integer it is. */
export function stringifyPreciseJson(value: unknown): string {
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return `[${value.map(stringifyPreciseJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${stringifyPreciseJson(member)}`).join(',')}}`
}

/** As JSON.stringify, which takes no bigint: those become their digits, in text, so that whoever parses it reads all of them. */
export const stringifyWithDigits = (value: unknown): string | undefined =>
  stringify(value, () => JSON.stringify(value, digitsAsText))

/** As `stringifyPreciseJson`, and as fast as JSON.stringify where there is no bigint. */
export const stringifyExactly = (value: unknown): string =>
  stringify(value, () => stringifyPreciseJson(value)) ?? 'null'

/** With a function for each value it takes several times as long, which only what needs it shall cost. */
function stringify(value: unknown, withBigint: () => string | undefined): string | undefined {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return withBigint()
  }
}

/** An object as plain JSON: integers beyond 2^53 as their digits, in text. */
export const objectWithDigits = (value: unknown): JsonObject => JSON.parse(stringifyWithDigits(value) ?? '{}')

/** For JSON.stringify: an integer beyond 2^53 becomes its digits, in text. */
export const digitsAsText = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value

function readValue(reader: Reader): unknown {
  skipSpace(reader)
  switch (reader.text[reader.at]) {
    case '{':
      return readObject(reader)
    case '[':
      return readArray(reader)
    case '"':
      return readString(reader)
    case 't':
      reader.at += 4
      return true
    case 'f':
      reader.at += 5
      return false
    case 'n':
      reader.at += 4
      return null
    default:
      return readNumber(reader)
  }
}

function readObject(reader: Reader): unknown {
  const object: Record<string, unknown> = {}
  reader.at++
  skipSpace(reader)
  while (reader.text[reader.at] !== '}') {
    const key = readString(reader)
    skipSpace(reader)
    reader.at++
    const value = readValue(reader)
    // Assigning `__proto__` would change the prototype; JSON.parse makes an own property of it, and so must this.
    if (key === '__proto__')
      Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
    else object[key] = value
    skipSpace(reader)
    if (reader.text[reader.at] === ',') reader.at++
    skipSpace(reader)
  }
  reader.at++
  return object
}

function readArray(reader: Reader): unknown[] {
  const items: unknown[] = []
  reader.at++
  skipSpace(reader)
  while (reader.text[reader.at] !== ']') {
    items.push(readValue(reader))
    skipSpace(reader)
    if (reader.text[reader.at] === ',') reader.at++
    skipSpace(reader)
  }
  reader.at++
  return items
}

function readString(reader: Reader): string {
  const end = endOfString(reader.text, reader.at)
  const raw = reader.text.slice(reader.at + 1, end)
  const literal = reader.text.slice(reader.at, end + 1)
  reader.at = end + 1
  if (!raw.includes('\\')) return raw
  const decoded: unknown = JSON.parse(literal)
  return typeof decoded === 'string' ? decoded : raw
}

function readNumber(reader: Reader): number | bigint {
  const start = reader.at
  while (isNumberCharacter(reader.text.charCodeAt(reader.at))) reader.at++
  const digits = reader.text.slice(start, reader.at)
  const number = Number(digits)
  if (Number.isSafeInteger(number)) return number
  const isPlain = /^-?\d+$/.test(digits)
  if (reader.mostDigits === undefined) return isPlain ? BigInt(digits) : number
  if (!isPlain) return Number.isFinite(number) ? number : wholeOf(digits, reader.mostDigits)
  if (digits.length > reader.mostDigits) throw tooLarge()
  return BigInt(digits)
}

/** `-1.5e309` as an integer. */
function wholeOf(digits: string, mostDigits: number): bigint {
  const [, whole = '', fraction = '', exponent = '0'] = /^(-?\d+)(?:\.(\d+))?(?:[eE]\+?(\d+))?$/.exec(digits) ?? []
  const zeros = Number(exponent) - fraction.length
  if (zeros < 0 || whole.length + Number(exponent) > mostDigits) throw tooLarge()
  return BigInt(whole + fraction + '0'.repeat(zeros))
}

const tooLarge = (): RangeError => new RangeError('a number in it is too large to be kept')

/** Digits, sign, point and exponent. */
const isNumberCharacter = (c: number): boolean =>
  (c >= 48 && c <= 57) || c === 43 || c === 45 || c === 46 || c === 69 || c === 101

function skipSpace(reader: Reader): void {
  for (;;) {
    const c = reader.text.charCodeAt(reader.at)
    if (c !== 32 && c !== 10 && c !== 13 && c !== 9) return
    reader.at++
  }
}
