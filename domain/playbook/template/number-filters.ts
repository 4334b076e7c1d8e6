import { cutText } from '../../cut-text'
import { exactInteger } from './arithmetic'
import { spendText } from './budget'
import { operation, type Operation } from './operation'
import { readIndex, readNumber } from './read-argument'
import { TemplateError } from './template-error'
import { isNumeric, kindOf, type Context } from './values'

const WHOLE = /^\s*[+-]?\d{1,40}\s*$/
const DECIMAL = /^\s*[+-]?(\d{1,400}(\.\d{0,400})?|\.\d{1,400})(e[+-]?\d{1,4})?\s*$/i

export const NUMBER_FILTERS: readonly (readonly [string, Operation])[] = [
  ['int', operation(['default?'], (input, [fallback], context) => toInteger(input, fallback, context))],
  ['float', operation(['default?'], (input, [fallback], context) => toFloat(input, fallback, context))],
  ['abs', operation([], (input, _args, context) => absolute(readNumber(input, context)))],
  [
    'round',
    operation(['precision?', 'method?'], (input, [precision, method], context) =>
      round(readNumber(input, context), { precision, method, context }),
    ),
  ],
]

function toInteger(input: unknown, fallback: unknown, context: Context): unknown {
  if (typeof input === 'bigint') return input
  if (typeof input === 'boolean') return input ? 1 : 0
  if (typeof input === 'string') spendText(context.budget, input.length, context.at)
  if (typeof input === 'string' && WHOLE.test(input)) {
    return exactInteger(BigInt(input.trim().replace(/^\+/, '')), context)
  }
  const number = typeof input === 'string' && DECIMAL.test(input) ? Number(input) : input
  if (typeof number === 'number' && Number.isFinite(number)) return exactInteger(BigInt(Math.trunc(number)), context)
  return otherwise(input, fallback, { wanted: 'a whole number', filter: 'int', context })
}

function toFloat(input: unknown, fallback: unknown, context: Context): unknown {
  if (typeof input === 'number') return input
  if (typeof input === 'bigint' || typeof input === 'boolean') return Number(input)
  if (typeof input === 'string') spendText(context.budget, input.length, context.at)
  if (typeof input === 'string' && DECIMAL.test(input) && Number.isFinite(Number(input))) return Number(input)
  return otherwise(input, fallback, { wanted: 'a number', filter: 'float', context })
}

/** Jinja gives 0 here, which would send a playbook to page 0 without a word. */
function otherwise(
  input: unknown,
  fallback: unknown,
  told: { wanted: string; filter: string; context: Context },
): unknown {
  if (fallback !== undefined) return fallback
  const shown = typeof input === 'string' ? `'${cutText(input, 40)}'` : kindOf(input)
  throw new TemplateError(`${shown} is not ${told.wanted}`, told.context.at, {
    hint: `Say what to take instead: | ${told.filter}(0).`,
  })
}

function absolute(value: number | bigint): number | bigint {
  if (typeof value === 'number') return Math.abs(value)
  return value < 0n ? -value : value
}

function round(
  value: number | bigint,
  options: { precision: unknown; method: unknown; context: Context },
): number | bigint {
  const digits = options.precision === undefined ? 0 : readIndex(options.precision, options.context)
  if (typeof value === 'bigint') {
    if (digits >= 0) return value
    throw new TemplateError('a number this large is not rounded', options.context.at)
  }
  if (digits < -15 || digits > 15) throw new TemplateError('round takes -15 to 15 digits', options.context.at)
  // As text, so that 1.005 is rounded as it is written; what is written with an exponent takes digits on top of it.
  const [mantissa = '0', exponent = '0'] = String(value).split('e')
  const scaled = Number(`${mantissa}e${Number(exponent) + digits}`)
  const rounded = roundWhole(scaled, options)
  // Beyond 2^53 there are no digits left to round.
  return Math.abs(scaled) <= Number.MAX_SAFE_INTEGER ? Number(`${rounded}e${-digits}`) + 0 : value
}

function roundWhole(value: number, options: { method: unknown; context: Context }): number {
  const { method = 'common', context } = options
  if (method === 'ceil') return Math.ceil(value)
  if (method === 'floor') return Math.floor(value)
  if (method !== 'common') throw new TemplateError('round knows the methods common, ceil and floor', context.at)
  return Math.sign(value) * Math.round(Math.abs(value))
}

/** Whether a test such as `is odd` applies: whole numbers only. */
export const isInteger = (value: unknown): value is number | bigint =>
  typeof value === 'bigint' || (isNumeric(value) && Number.isInteger(value))
