import { charactersOf } from './characters'
import { isNumeric, isDataObject, kindOf, ownKeys, ownValue, type Context } from './values'
import { TemplateError } from './template-error'
import { spend } from './budget'

/** The list an operation works on: a list, or the keys of an object. Throws TemplateError for anything else. */
export function readList(value: unknown, context: Context): readonly unknown[] {
  if (Array.isArray(value)) {
    spend(context.budget, 1 + value.length, context.at)
    return value
  }
  if (!isDataObject(value)) throw new TemplateError(`a list is expected here, this is ${kindOf(value)}`, context.at)
  const keys = ownKeys(value)
  spend(context.budget, 1 + keys.length, context.at)
  return keys
}

/** A text argument. Throws TemplateError. */
export function readText(value: unknown, context: Context): string {
  if (typeof value === 'string') return value
  throw new TemplateError(`a text is expected here, this is ${kindOf(value)}`, context.at)
}

/** A whole number that fits an index. Throws TemplateError. */
export function readIndex(value: unknown, context: Context): number {
  const index = isNumeric(value) ? Number(value) : Number.NaN
  if (Number.isSafeInteger(index)) return index
  throw new TemplateError(`a whole number is expected here, this is ${kindOf(value)}`, context.at)
}

/** A number. Throws TemplateError. */
export function readNumber(value: unknown, context: Context): number | bigint {
  if (isNumeric(value)) return value
  throw new TemplateError(`a number is expected here, this is ${kindOf(value)}`, context.at)
}

/** `a.b.0` followed through own data; null when something on the way is missing. */
export function readAttribute(item: unknown, path: unknown, context: Context): { value: unknown } | null {
  const keys = typeof path === 'string' ? path.split('.') : [String(readIndex(path, context))]
  spend(context.budget, keys.length, context.at)
  let current: unknown = item
  for (const key of keys) {
    const found = memberOf(current, key, context)
    if (found === null) return null
    current = found.value
  }
  return { value: current }
}

/** The member of a value as data: a key of an object, or an index of a list or text, negative from the end. */
export function memberOf(target: unknown, key: unknown, context: Context): { value: unknown } | null {
  if (isDataObject(target)) {
    return typeof key === 'string' || isNumeric(key) ? ownValue(target, String(key)) : null
  }
  if (!Array.isArray(target) && typeof target !== 'string') return null
  const index = typeof key === 'string' && /^-?\d{1,15}$/.test(key) ? Number(key) : key
  if (!isNumeric(index) || !Number.isSafeInteger(Number(index))) return null
  const list: readonly unknown[] | string = typeof target === 'string' ? charactersOf(target, context) : target
  const at = Number(index) < 0 ? list.length + Number(index) : Number(index)
  if (at < 0 || at >= list.length) return null
  return { value: list[at] }
}
