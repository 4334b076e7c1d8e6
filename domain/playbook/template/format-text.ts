import { charactersOf } from './characters'
import { spendText } from './budget'
import { operation, type Operation } from './operation'
import { readText } from './read-argument'
import { TemplateError } from './template-error'
import { textOf } from './text-of'
import { isNumeric, kindOf, type Context } from './values'

/** One place in the pattern; a percent sign that begins none is no place of any kind. */
const PLACE = /%%|%(?<flags>[-+ 0]{0,4})(?<width>\d{0,3})(?:\.(?<precision>\d{1,2}))?(?<kind>[sdifxXo])|%/g
/** As many digits behind those that are shown tell whether a number lies in the middle. */
const BEHIND = 60
/** From here on `toFixed` writes an exponent. */
const LARGE = 1e21

/** `"%s-%02d" | format(year, month)`: Python's own, for texts and numbers. */
export const FORMAT: Operation = operation(
  Array.from({ length: 9 }, (_unused, index) => `value${index + 1}?`),
  (input, args, context) =>
    format(
      readText(input, context),
      args.filter((value) => value !== undefined),
      context,
    ),
)

function format(pattern: string, values: readonly unknown[], context: Context): string {
  spendText(context.budget, pattern.length, context.at)
  let used = 0
  const text = pattern.replaceAll(PLACE, (...found: unknown[]) => {
    if (found[0] === '%%') return '%'
    const place = readPlace(found.at(-1), context)
    if (used >= values.length) throw new TemplateError(`format has no value for place ${used + 1}`, context.at)
    const shown = padded(shownAt(place, values[used], context), place, context)
    used += 1
    return shown
  })
  if (used < values.length) {
    throw new TemplateError(`format has ${values.length} values for ${used} places`, context.at)
  }
  spendText(context.budget, text.length, context.at)
  return text
}

type Place = { flags: string; width: number; precision: number | null; kind: string }

function readPlace(groups: unknown, context: Context): Place {
  const { flags, width, precision, kind } = groups as Partial<Record<string, string>>
  if (kind === undefined) {
    throw new TemplateError('format knows %s, %d, %f, %x, %X, %o and %%, with flags, width and precision', context.at)
  }
  return {
    flags: flags ?? '',
    width: Number(width),
    precision: precision === undefined ? null : Number(precision),
    kind,
  }
}

function shownAt({ flags, precision, kind }: Place, value: unknown, context: Context): string {
  if (kind === 's') {
    const text = textOf(value, context)
    return precision === null ? text : Array.from(charactersOf(text, context)).slice(0, precision).join('')
  }
  const given = typeof value === 'boolean' ? Number(value) : value
  if (!isNumeric(given)) throw new TemplateError(`%${kind} takes a number, not ${kindOf(value)}`, context.at)
  const number = /[di]/.test(kind) && typeof given === 'number' ? Math.trunc(given) : given
  const size = kind === 'f' ? fixed(Math.abs(Number(number)), precision ?? 6) : whole(number, kind, context)
  if (kind !== 'f' && precision !== null) throw new TemplateError(`%${kind} takes no precision`, context.at)
  if (number < 0) return `-${size}`
  if (flags.includes('+')) return `+${size}`
  return flags.includes(' ') ? ` ${size}` : size
}

/** Of two that are as near, the even one; `toFixed` takes the larger. */
function fixed(size: number, digits: number): string {
  if (size >= LARGE) return digits === 0 ? String(BigInt(size)) : `${BigInt(size)}.${'0'.repeat(digits)}`
  const exact = size.toFixed(Math.min(100, digits + BEHIND))
  const shown = exact.slice(0, exact.indexOf('.') + (digits === 0 ? 0 : digits + 1))
  const isEven = /[02468]$/.test(shown)
  return isEven && /^\.?50*$/.test(exact.slice(shown.length)) ? shown : size.toFixed(digits)
}

function whole(value: number | bigint, kind: string, context: Context): string {
  if (typeof value === 'number' && !Number.isInteger(value) && /[xXo]/.test(kind)) {
    throw new TemplateError(`%${kind} takes a whole number`, context.at)
  }
  const size = BigInt(value)
  const digits = (size < 0n ? -size : size).toString({ x: 16, X: 16, o: 8 }[kind] ?? 10)
  return kind === 'X' ? digits.toUpperCase() : digits
}

function padded(text: string, { flags, width, kind }: Place, context: Context): string {
  const missing = width - charactersOf(text, context).length
  if (missing <= 0) return text
  if (flags.includes('-')) return text + ' '.repeat(missing)
  if (!flags.includes('0') || kind === 's') return ' '.repeat(missing) + text
  const sign = /^[-+ ]?/.exec(text)?.[0] ?? ''
  return sign + '0'.repeat(missing) + text.slice(sign.length)
}
