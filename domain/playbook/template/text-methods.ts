import { spend, spendText } from './budget'
import { charactersOf } from './characters'
import { operation, type Operation } from './operation'
import { readIndex, readText } from './read-argument'
import { TemplateError } from './template-error'
import { pieces, readLimit } from './text-operations'
import type { Context } from './values'

const LINE_ENDS = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/

/** Methods that look for parts of a text, and that make it as long as others. */
export const MORE_TEXT_METHODS: readonly (readonly [string, Operation])[] = [
  ['find', operation(['part'], (input, [part], context) => find(readText(input, context), part, context))],
  [
    'count',
    operation(['part'], (input, [part], context) => {
      const options = { limit: Number.POSITIVE_INFINITY, context }
      return pieces(readText(input, context), readPart(part, context), options).length - 1
    }),
  ],
  ['isdigit', operation([], (input, _args, context) => /^\p{Nd}+$/u.test(readPart(input, context)))],
  ['splitlines', operation([], (input, _args, context) => splitLines(readText(input, context), context))],
  ['rsplit', operation(['separator', 'maxsplit?'], (input, args, context) => splitFromEnd(input, args, context))],
  [
    'removeprefix',
    operation(['prefix'], (input, [prefix], context) => {
      const [text, start] = [readText(input, context), readText(prefix, context)]
      spendText(context.budget, text.length, context.at)
      return text.startsWith(start) ? text.slice(start.length) : text
    }),
  ],
  [
    'removesuffix',
    operation(['suffix'], (input, [suffix], context) => {
      const [text, end] = [readText(input, context), readText(suffix, context)]
      spendText(context.budget, text.length, context.at)
      return text.endsWith(end) ? text.slice(0, text.length - end.length) : text
    }),
  ],
  [
    'zfill',
    operation(['width'], (input, [width], context) => {
      const text = readText(input, context)
      const sign = /^[-+]?/.exec(text)?.[0] ?? ''
      return sign + padding(text, { width, fill: '0', context }) + text.slice(sign.length)
    }),
  ],
  [
    'rjust',
    operation(['width', 'fill?'], (input, [width, fill], context) => {
      const text = readText(input, context)
      return padding(text, { width, fill, context }) + text
    }),
  ],
  [
    'ljust',
    operation(['width', 'fill?'], (input, [width, fill], context) => {
      const text = readText(input, context)
      return text + padding(text, { width, fill, context })
    }),
  ],
]

function find(text: string, part: unknown, context: Context): number {
  spendText(context.budget, text.length, context.at)
  const at = text.indexOf(readText(part, context))
  return at === -1 ? -1 : charactersOf(text.slice(0, at), context).length
}

function splitLines(text: string, context: Context): string[] {
  spend(context.budget, text.length, context.at)
  const lines = text.split(LINE_ENDS)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

function splitFromEnd(input: unknown, [separator, maximum]: readonly unknown[], context: Context): string[] {
  const by = readPart(separator, context)
  const parts = pieces(readText(input, context), by, { limit: Number.POSITIVE_INFINITY, context })
  const limit = readLimit(maximum, context)
  const first = Math.max(0, parts.length - 1 - limit)
  return [parts.slice(0, first + 1).join(by), ...parts.slice(first + 1)]
}

function readPart(value: unknown, context: Context): string {
  const text = readText(value, context)
  spendText(context.budget, text.length, context.at)
  return text
}

function padding(text: string, options: { width: unknown; fill: unknown; context: Context }): string {
  const { width, fill = ' ', context } = options
  if (typeof fill !== 'string' || charactersOf(fill, context).length !== 1) {
    throw new TemplateError('a text is filled up with one character', context.at)
  }
  const missing = Math.max(0, readIndex(width, context) - charactersOf(text, context).length)
  spendText(context.budget, text.length + missing * fill.length, context.at)
  return fill.repeat(missing)
}
