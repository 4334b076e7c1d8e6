import { calculate } from './arithmetic'
import { checkTextLength, spend, spendComparison } from './budget'
import { charactersOf, splitCharacters } from './characters'
import { foldCase } from './fold-case'
import { operation, type Operation } from './operation'
import { memberOf, readAttribute, readIndex, readList } from './read-argument'
import { serialize } from './serialize'
import { TemplateError } from './template-error'
import { textOf } from './text-of'
import { chargedKeys, isDataObject, kindOf, ownKeys, ownValue, type Context } from './values'

type Entry = readonly [string, Operation]

const length = operation([], (input, _args, context) => lengthOf(input, context))
const items = operation([], (input, _args, context) => entriesOf(input, context))

/** Filters over lists, and over objects where Python iterates their keys. */
export const LIST_FILTERS: readonly Entry[] = [
  ['length', length],
  ['count', length],
  [
    'list',
    operation([], (input, _args, context) =>
      typeof input === 'string' ? splitCharacters(input, context) : [...readList(input, context)],
    ),
  ],
  ['first', operation([], (input, _args, context) => endOf(input, 0, context))],
  ['last', operation([], (input, _args, context) => endOf(input, -1, context))],
  [
    'join',
    operation(['separator?', 'attribute?'], (input, [separator, attribute], context) => {
      const values = attributes(readList(input, context), attribute, context)
      return joinAll(values, separator === undefined ? '' : textOf(separator, context), context)
    }),
  ],
  [
    'sum',
    operation(['attribute?', 'start?'], (input, [attribute, start], context) =>
      attributes(readList(input, context), attribute, context).reduce(
        (total, value) => calculate('+', total, value, context),
        start ?? 0,
      ),
    ),
  ],
  [
    'reverse',
    operation([], (input, _args, context) =>
      typeof input === 'string'
        ? splitCharacters(input, context).reverse().join('')
        : readList(input, context).toReversed(),
    ),
  ],
  ['unique', operation(['case_sensitive?', 'attribute?'], (input, args, context) => unique(input, args, context))],
  [
    'batch',
    operation(['linecount', 'fill_with?'], (input, [size, fill], context) =>
      batch(readList(input, context), { size: readIndex(size, context), fill, context }),
    ),
  ],
  [
    'slice',
    operation(['slices', 'fill_with?'], (input, [count, fill], context) =>
      cutInto(readList(input, context), { count: readIndex(count, context), fill, context }),
    ),
  ],
  ['items', items],
]

/** Methods of an object; what a key of the same name holds doesn't matter. */
export const OBJECT_METHODS: readonly Entry[] = [
  ['get', operation(['key', 'default?'], (input, [key, fallback], context) => get(input, { key, fallback, context }))],
  ['items', items],
  ['keys', operation([], (input, _args, context) => entriesOf(input, context).map(([key]) => key))],
  ['values', operation([], (input, _args, context) => entriesOf(input, context).map(([, value]) => value))],
]

/** A key that is there has its value, None as well: only a missing one is replaced. */
function get(input: unknown, options: { key: unknown; fallback: unknown; context: Context }): unknown {
  const { key, fallback, context } = options
  if (typeof key === 'string') spendComparison(context.budget, key.length, context.at)
  const found = memberOf(input, key, context)
  return (found === null ? fallback : found.value) ?? null
}

/** The value at `attribute` of each element, or the elements themselves. Throws TemplateError where it's missing. */
export function attributes(list: readonly unknown[], attribute: unknown, context: Context): readonly unknown[] {
  if (attribute === undefined || attribute === null) return list
  return list.map((item, index) => {
    const found = readAttribute(item, attribute, context)
    if (found !== null) return found.value
    throw new TemplateError(`element ${index} has no ${textOf(attribute, context)}`, context.at)
  })
}

/** Texts joined into one; also what the method of a separator does. */
export function joinAll(values: readonly unknown[], separator: string, context: Context): string {
  const parts: string[] = []
  let total = 0
  for (const value of values) {
    const text = textOf(value, context)
    total += text.length + separator.length
    checkTextLength(total, context.at)
    spend(context.budget, 1, context.at)
    parts.push(text)
  }
  return parts.join(separator)
}

function lengthOf(input: unknown, context: Context): number {
  if (typeof input === 'string') return charactersOf(input, context).length
  if (Array.isArray(input)) return input.length
  if (isDataObject(input)) return chargedKeys(input, context).length
  throw new TemplateError(`${kindOf(input)} has no length`, context.at)
}

export function entriesOf(input: unknown, context: Context): [string, unknown][] {
  if (!isDataObject(input)) throw new TemplateError(`an object is expected here, this is ${kindOf(input)}`, context.at)
  const keys = ownKeys(input)
  spend(context.budget, 1 + 4 * keys.length, context.at)
  return keys.map((key) => [key, ownValue(input, key)?.value])
}

function endOf(input: unknown, index: 0 | -1, context: Context): unknown {
  const list = typeof input === 'string' ? charactersOf(input, context) : readList(input, context)
  if (list.length > 0) return list.at(index)
  throw new TemplateError(`an empty list has no ${index === 0 ? 'first' : 'last'} element`, context.at, {
    hint: `Say what to take instead: | ${index === 0 ? 'first' : 'last'} | default(none).`,
  })
}

function unique(input: unknown, [caseSensitive, attribute]: readonly unknown[], context: Context): unknown[] {
  const list = readList(input, context)
  const keys = attributes(list, attribute, context)
  const seen = new Set<string>()
  return list.filter((_item, index) => {
    const key = identity(foldCase(keys[index], caseSensitive, context), context)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** The same text for equal values only. */
function identity(value: unknown, context: Context): string {
  if (typeof value !== 'string') return serialize(typeof value === 'boolean' ? Number(value) : value, context)
  spend(context.budget, 2 + value.length / 8, context.at)
  return `"${value}`
}

type Parts = { fill: unknown; context: Context }

function batch(list: readonly unknown[], { size, fill, context }: Parts & { size: number }): unknown[][] {
  if (size < 1) throw new TemplateError('batch needs a size of at least 1', context.at)
  const batches: unknown[][] = []
  for (let from = 0; from < list.length; from += size) batches.push(list.slice(from, from + size))
  const last = batches.at(-1)
  if (last === undefined || fill === undefined || fill === null) return batches
  spend(context.budget, size, context.at)
  while (last.length < size) last.push(fill)
  return batches
}

/** As many parts, the first of them one longer where it doesn't come out even. */
function cutInto(list: readonly unknown[], { count, fill, context }: Parts & { count: number }): unknown[][] {
  if (count < 1) throw new TemplateError('slice needs a number of parts of at least 1', context.at)
  spend(context.budget, count, context.at)
  const [size, longer] = [Math.floor(list.length / count), list.length % count]
  return Array.from({ length: count }, (_unused, index) => {
    const from = index * size + Math.min(index, longer)
    const part = list.slice(from, from + size + (index < longer ? 1 : 0))
    return index < longer || fill === undefined || fill === null ? part : [...part, fill]
  })
}
