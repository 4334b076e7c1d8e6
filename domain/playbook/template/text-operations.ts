import { spend, spendComparison, spendText } from './budget'
import { charactersOf } from './characters'
import { operation, type Operation } from './operation'
import { readIndex, readList, readText } from './read-argument'
import { serialize } from './serialize'
import { TemplateError } from './template-error'
import { textOf } from './text-of'
import { urlEncode } from './url-encode'
import type { Context } from './values'

type Entry = readonly [string, Operation]

/** Filters that give text. */
export const TEXT_FILTERS: readonly Entry[] = [
  ['string', operation([], (input, _args, context) => textOf(input, context))],
  ['tojson', operation(['indent?'], (input, [indent], context) => toJson(input, indent, context))],
  ['urlencode', operation([], (input, _args, context) => urlEncode(input, context))],
  ...changes(['upper', 'lower', 'capitalize', 'title']),
  ['trim', operation(['chars?'], (input, [chars], context) => strip(input, { chars, context, sides: 'both' }))],
  ['replace', operation(['old', 'new', 'count?'], (input, args, context) => replace(input, args, context))],
]

/** Methods of a text, by Python's names. */
export const TEXT_METHODS: readonly Entry[] = [
  ...changes(['upper', 'lower', 'capitalize', 'title']),
  ['strip', operation(['chars?'], (input, [chars], context) => strip(input, { chars, context, sides: 'both' }))],
  ['lstrip', operation(['chars?'], (input, [chars], context) => strip(input, { chars, context, sides: 'left' }))],
  ['rstrip', operation(['chars?'], (input, [chars], context) => strip(input, { chars, context, sides: 'right' }))],
  ['replace', operation(['old', 'new', 'count?'], (input, args, context) => replace(input, args, context))],
  ['split', operation(['separator?', 'maxsplit?'], (input, args, context) => split(input, args, context))],
  [
    'startswith',
    operation(['prefix'], (input, [prefix], context) => {
      const text = readText(input, context)
      return readEnds(prefix, context).some((start) => text.startsWith(start))
    }),
  ],
  [
    'endswith',
    operation(['suffix'], (input, [suffix], context) => {
      const text = readText(input, context)
      return readEnds(suffix, context).some((end) => text.endsWith(end))
    }),
  ],
]

/** One text, or several of which any will do. */
function readEnds(value: unknown, context: Context): string[] {
  return (Array.isArray(value) ? readList(value, context) : [value]).map((each) => {
    const text = readText(each, context)
    spendComparison(context.budget, text.length, context.at)
    return text
  })
}

function toJson(input: unknown, indent: unknown, context: Context): string {
  const spaces = indent === undefined || indent === null ? 0 : readIndex(indent, context)
  if (spaces < 0 || spaces > 8) throw new TemplateError('tojson takes an indent of 0 to 8', context.at)
  return serialize(input, context, spaces)
}

function changes(names: readonly ('upper' | 'lower' | 'capitalize' | 'title')[]): Entry[] {
  return names.map((name) => [name, operation([], (input, _args, context) => changeCase(textOf(input, context), name))])
}

function changeCase(text: string, name: 'upper' | 'lower' | 'capitalize' | 'title'): string {
  switch (name) {
    case 'upper':
      return text.toUpperCase()
    case 'lower':
      return text.toLowerCase()
    case 'capitalize':
      return text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase()
    case 'title':
      return text.toLowerCase().replace(/(^|[\s([{<-])(\p{L})/gu, (found) => found.toUpperCase())
  }
}

function strip(
  input: unknown,
  options: { chars: unknown; context: Context; sides: 'both' | 'left' | 'right' },
): string {
  const text = textOf(input, options.context)
  const given = options.chars
  const chars = given === undefined || given === null ? null : setOfCharacters(given, options.context)
  const list = chars === null ? text : charactersOf(text, options.context)
  const isStripped = (index: number): boolean => {
    const char = list[index] ?? ''
    return chars === null ? char.trim() === '' : chars.has(char)
  }
  let from = 0
  let to = list.length
  if (options.sides !== 'right') while (from < to && isStripped(from)) from += 1
  if (options.sides !== 'left') while (to > from && isStripped(to - 1)) to -= 1
  spend(options.context.budget, list.length - (to - from), options.context.at)
  return typeof list === 'string' ? list.slice(from, to) : list.slice(from, to).join('')
}

function setOfCharacters(given: unknown, context: Context): ReadonlySet<string> {
  const text = readText(given, context)
  spend(context.budget, text.length, context.at)
  return new Set(text)
}

function replace(input: unknown, args: readonly unknown[], context: Context): string {
  const text = textOf(input, context)
  const old = textOf(args[0], context)
  const fresh = textOf(args[1], context)
  const parts = pieces(text, old, { limit: readLimit(args[2], context), context })
  spendText(context.budget, text.length + (parts.length - 1) * (fresh.length - old.length), context.at)
  return parts.join(fresh)
}

function split(input: unknown, [separator, maximum]: readonly unknown[], context: Context): string[] {
  const text = textOf(input, context)
  const cuts = readLimit(maximum, context)
  if (separator !== undefined && separator !== null) {
    return pieces(text, readText(separator, context), { limit: cuts, context })
  }
  if (Number.isFinite(cuts)) throw new TemplateError('maxsplit needs a separator', context.at)
  const words = text.split(/\s+/).filter((word) => word !== '')
  spend(context.budget, words.length, context.at)
  return words
}

/** How often at most; a negative number is no limit. */
export function readLimit(value: unknown, context: Context): number {
  const limit = value === undefined || value === null ? -1 : readIndex(value, context)
  return limit < 0 ? Number.POSITIVE_INFINITY : limit
}

/** The text cut at each occurrence, at most `limit` times; every cut is charged before it is made. Throws TemplateError. */
export function pieces(text: string, separator: string, options: { limit: number; context: Context }): string[] {
  const { limit, context } = options
  if (separator === '') throw new TemplateError('a text to look for is expected here, this one is empty', context.at)
  spendText(context.budget, text.length, context.at)
  const found: string[] = []
  let from = 0
  while (found.length < limit) {
    const at = text.indexOf(separator, from)
    if (at === -1) break
    spend(context.budget, 1, context.at)
    found.push(text.slice(from, at))
    from = at + separator.length
  }
  found.push(text.slice(from))
  return found
}
