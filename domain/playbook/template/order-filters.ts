import { attributes, entriesOf } from './list-operations'
import { spend } from './budget'
import { foldCase } from './fold-case'
import { operation, type Operation } from './operation'
import { readAttribute, readList } from './read-argument'
import { TemplateError } from './template-error'
import { inNumbers, isTrue, order, type Context } from './values'

/** Filters that put in order, or pick by it. */
export const ORDER_FILTERS: readonly (readonly [string, Operation])[] = [
  [
    'sort',
    operation(['reverse?', 'case_sensitive?', 'attribute?'], (input, args, context) => sort(input, args, context)),
  ],
  [
    'dictsort',
    operation(['case_sensitive?', 'by?', 'reverse?'], (input, args, context) => sortEntries(input, args, context)),
  ],
  [
    'groupby',
    operation(['attribute', 'default?', 'case_sensitive?'], (input, args, context) => groupBy(input, args, context)),
  ],
  [
    'min',
    operation(['case_sensitive?', 'attribute?'], (input, args, context) => extreme(input, args, { sign: -1, context })),
  ],
  [
    'max',
    operation(['case_sensitive?', 'attribute?'], (input, args, context) => extreme(input, args, { sign: 1, context })),
  ],
]

/** By one attribute, or by several: `sort(attribute='group,name')`. */
function sort(input: unknown, [reverse, caseSensitive, attribute]: readonly unknown[], context: Context): unknown[] {
  const list = readList(input, context)
  const names = typeof attribute === 'string' ? attribute.split(',') : [attribute]
  const columns = names.map((name) => keysOf(attributes(list, name, context), caseSensitive, context))
  return placesInOrder(list.length, { columns, reverse, orderOf: order, context }).map((place) => list[place])
}

function sortEntries(input: unknown, [caseSensitive, by, reverse]: readonly unknown[], context: Context): unknown[] {
  if (by !== undefined && by !== 'key' && by !== 'value') {
    throw new TemplateError('dictsort sorts by key or value', context.at)
  }
  const entries = entriesOf(input, context)
  const keys = entries.map(([key, value]) => foldCase(by === 'value' ? value : key, caseSensitive, context))
  const columns = [by === 'value' ? inNumbers(keys) : keys]
  return placesInOrder(entries.length, { columns, reverse, orderOf: order, context }).map((place) => entries[place])
}

/** [key, elements] of each group, in the order of their keys; elements without the attribute may get one. */
function groupBy(input: unknown, args: readonly unknown[], context: Context): (readonly [unknown, unknown[]])[] {
  const [attribute, fallback, caseSensitive] = args
  const list = readList(input, context)
  const given =
    fallback === undefined
      ? attributes(list, attribute, context)
      : list.map((item) => (readAttribute(item, attribute, context) ?? { value: fallback }).value)
  const keys = keysOf(given, caseSensitive, context)
  const groups: (readonly [unknown, unknown[]])[] = []
  let before: unknown
  for (const place of placesInOrder(list.length, { columns: [keys], reverse: false, orderOf: noneFirst, context })) {
    const group = groups.at(-1)
    if (group !== undefined && noneFirst(before, keys[place], context) === 0) group[1].push(list[place])
    else groups.push([given[place], [list[place]]])
    before = keys[place]
  }
  return groups
}

function extreme(
  input: unknown,
  args: readonly unknown[],
  { sign, context }: { sign: 1 | -1; context: Context },
): unknown {
  const [caseSensitive, attribute] = args
  const list = readList(input, context)
  const keys = keysOf(attributes(list, attribute, context), caseSensitive, context)
  if (list.length === 0) {
    throw new TemplateError(`an empty list has no ${sign === 1 ? 'max' : 'min'}`, context.at, {
      hint: `Say what to take instead: | ${sign === 1 ? 'max' : 'min'} | default(0).`,
    })
  }
  let best = 0
  keys.forEach((key, index) => {
    if (order(key, keys[best], context) * sign > 0) best = index
  })
  return list[best]
}

function keysOf(values: readonly unknown[], caseSensitive: unknown, context: Context): readonly unknown[] {
  spend(context.budget, values.length, context.at)
  return inNumbers(values.map((value) => foldCase(value, caseSensitive, context)))
}

type Ordering = {
  columns: readonly (readonly unknown[])[]
  reverse: unknown
  orderOf: typeof order
  context: Context
}

/** Places in a list by the first column of keys, then by the next; what is equal stays as it was, reversed or not. */
function placesInOrder(length: number, { columns, reverse, orderOf, context }: Ordering): number[] {
  const sign = reverse !== undefined && isTrue(reverse, context) ? -1 : 1
  return Array.from({ length }, (_unused, index) => index).sort((left, right) => {
    for (const keys of columns) {
      const found = orderOf(keys[left], keys[right], context)
      if (found !== 0) return sign * found
    }
    return 0
  })
}

/** Jinja has no group of None beside others; APIs have such fields. */
function noneFirst(left: unknown, right: unknown, context: Context): number {
  const [noLeft, noRight] = [left ?? null, right ?? null].map((value) => value === null)
  if (noLeft === true || noRight === true) return Number(noRight) - Number(noLeft)
  return order(left, right, context)
}
