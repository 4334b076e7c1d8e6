import { spend, spendComparison, type Budget } from './budget'
import { orderOfTexts } from './characters'
import { isSecretText } from './secret-text'
import type { Place } from './syntax'
import { TemplateError } from './template-error'

/** What an operation on values needs besides them: where it stands and what it may spend. */
export type Context = { at: Place; budget: Budget }

const DIGITS = /^-?[1-9]\d{15,39}$/

/** Stored data holds an integer beyond 2^53 as its digits, in text: that integer, or null for any other value. */
function storedInteger(value: unknown): bigint | null {
  if (typeof value !== 'string' || !DIGITS.test(value)) return null
  return Number.isSafeInteger(Number(value)) ? null : BigInt(value)
}

/** Values to be put in order: such digits as the integers they are, unless they are among other texts. */
export function inNumbers(values: readonly unknown[]): readonly unknown[] {
  const numbers = values.map((value) => storedInteger(value) ?? value)
  return numbers.some((value) => typeof value === 'string') ? values : numbers
}

export type DataObject = Readonly<Record<string, unknown>>

/** Data is what JSON has, and 64-bit integers: no function, no instance of a class, nothing with a foreign prototype. */
export function isDataObject(value: unknown): value is DataObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isSecretText(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

export const isNumeric = (value: unknown): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint'

/** An own data property, read by its descriptor so that nothing runs; null when there is none, or it is an accessor or a function. */
export function ownValue(target: object, key: string): { value: unknown } | null {
  const descriptor = Object.getOwnPropertyDescriptor(target, key)
  if (descriptor === undefined || !('value' in descriptor) || descriptor.enumerable !== true) return null
  const value: unknown = descriptor.value
  return typeof value === 'function' || typeof value === 'symbol' ? null : { value }
}

/** A member of what may be an object of data; undefined where it is none, or has no such own data property. */
export const dataMember = (value: unknown, key: string): unknown =>
  isDataObject(value) ? ownValue(value, key)?.value : undefined

/** Keys of own data properties, in their order. */
export const ownKeys = (target: object): string[] => Object.keys(target).filter((key) => ownValue(target, key) !== null)

/** Keys of own data properties, paid for: looking at each takes its time in an object of many. */
export function chargedKeys(target: object, context: Context): string[] {
  const keys = ownKeys(target)
  spend(context.budget, keys.length, context.at)
  return keys
}

/** An object without a prototype. */
export function dataObject(entries: Iterable<readonly [string, unknown]>): DataObject {
  const result: Record<string, unknown> = Object.create(null)
  for (const [key, value] of entries) result[key] = value
  return result
}

/** Python's words for what a value is. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'string') return 'a text'
  if (isNumeric(value)) return 'a number'
  if (typeof value === 'boolean') return 'a boolean'
  if (Array.isArray(value)) return 'a list'
  if (isSecretText(value)) return 'a secret'
  return isDataObject(value) ? 'an object' : 'not data'
}

/** Python's truth: None, false, 0, and empty texts, lists and objects are false. */
export function isTrue(value: unknown, context: Context): boolean {
  refuseSecret(value, 'tested', context)
  if (Array.isArray(value)) return value.length > 0
  if (isDataObject(value)) return chargedKeys(value, context).length > 0
  return Boolean(value)
}

/** Throws when a secret is used for anything but being joined to text or passed on whole. */
export function refuseSecret(value: unknown, verb: string, context: Context): void {
  if (!isSecretText(value)) return
  throw new TemplateError(`a secret can't be ${verb}: it can only be joined to text with ~`, context.at)
}

/** Equality by value; numbers of both kinds are compared exactly, also with one that was stored. */
export function isEqual(left: unknown, right: unknown, context: Context): boolean {
  spend(context.budget, 1, context.at)
  refuseSecret(left, 'compared', context)
  refuseSecret(right, 'compared', context)
  if (Array.isArray(left) && Array.isArray(right)) {
    if (left.length !== right.length) return false
    // No `every`: its frames would halve the depth that data may have.
    for (let index = 0; index < left.length; index += 1) {
      if (!isEqual(left[index], right[index], context)) return false
    }
    return true
  }
  if (isDataObject(left) && isDataObject(right)) return haveEqualEntries(left, right, context)
  return isSamePlain(left, right, context)
}

/** Equality of what is neither a list nor an object; only the characters of long texts are charged for. */
export function isSamePlain(left: unknown, right: unknown, context: Context): boolean {
  if (isNumeric(left) || isNumeric(right)) return isSameNumber(left, right)
  if (typeof left === 'string' && typeof right === 'string') return isSameText(left, right, context)
  return (left ?? null) === (right ?? null)
}

/** Of which one is a number: APIs that say `has_more: 1` are asked whether it is true. */
function isSameNumber(left: unknown, right: unknown): boolean {
  const [a, b] = [storedInteger(left) ?? countOf(left), storedInteger(right) ?? countOf(right)]
  return isNumeric(a) && isNumeric(b) && a >= b && a <= b
}

const countOf = (value: unknown): unknown => (typeof value === 'boolean' ? Number(value) : value)

function haveEqualEntries(left: DataObject, right: DataObject, context: Context): boolean {
  const keys = chargedKeys(left, context)
  if (keys.length !== chargedKeys(right, context).length) return false
  return keys.every((key) => {
    const other = ownValue(right, key)
    return other !== null && isEqual(left[key], other.value, context)
  })
}

function isSameText(left: string, right: string, context: Context): boolean {
  if (left.length !== right.length) return false
  spendComparison(context.budget, left.length, context.at)
  return left === right
}

/** Order of two numbers, texts or booleans, `inNumbers` where they are of a list: negative, 0 or positive. Throws TemplateError for anything else. */
export function order(left: unknown, right: unknown, context: Context): number {
  spend(context.budget, 1, context.at)
  refuseSecret(left, 'compared', context)
  refuseSecret(right, 'compared', context)
  const comparable =
    (isNumeric(left) && isNumeric(right)) ||
    (typeof left === 'string' && typeof right === 'string') ||
    (typeof left === 'boolean' && typeof right === 'boolean')
  if (!comparable) throw new TemplateError(`${kindOf(left)} and ${kindOf(right)} have no order`, context.at)
  if (typeof left === 'string' && typeof right === 'string') return orderOfTexts(left, right, context)
  if (left < right) return -1
  return left > right ? 1 : 0
}
