import { spend, spendText } from './budget'
import { isNumeric, kindOf, type Context } from './values'
import type { BinaryOperator } from './syntax'
import { TemplateError } from './template-error'

const MAX_INTEGER = 2n ** 64n
const MAX_LIST_LENGTH = 1_000_000

/** `left operator right`: integers exact up to 64 bits, division by zero and mixed kinds refused. */
export function calculate(
  operator: Exclude<BinaryOperator, '~'>,
  left: unknown,
  right: unknown,
  context: Context,
): unknown {
  if (isNumeric(left) && isNumeric(right)) return calculateNumbers(operator, left, right, context)
  if (operator === '+' && typeof left === 'string' && typeof right === 'string') {
    spendText(context.budget, left.length + right.length, context.at)
    return left + right
  }
  if (operator === '+' && Array.isArray(left) && Array.isArray(right)) {
    spend(context.budget, left.length + right.length, context.at)
    if (left.length + right.length > MAX_LIST_LENGTH) throw new TemplateError('the list would be too long', context.at)
    return [...left, ...right]
  }
  const calculating =
    operator === '+' ? 'Join texts with ~, or turn texts into numbers with | int.' : 'Use | int or | float.'
  const hint = operator === '%' && typeof left === 'string' ? 'Write "%s" | format(x).' : calculating
  throw new TemplateError(`${operator} doesn't take ${kindOf(left)} and ${kindOf(right)}`, context.at, { hint })
}

/** A whole number as a number where that is exact, otherwise as a bigint. Throws TemplateError beyond 64 bits. */
export function exactInteger(value: bigint, context: Context): number | bigint {
  if (value > MAX_INTEGER || value < -MAX_INTEGER) throw new TemplateError('the number is too large', context.at)
  const plain = Number(value)
  return Number.isSafeInteger(plain) ? plain : value
}

function calculateNumbers(
  operator: Exclude<BinaryOperator, '~'>,
  left: number | bigint,
  right: number | bigint,
  context: Context,
): number | bigint {
  const divides = operator === '/' || operator === '//' || operator === '%'
  if (divides && Number(right) === 0) throw new TemplateError('division by zero', context.at)
  if (operator !== '/' && operator !== '**' && isWhole(left) && isWhole(right)) {
    const plain = typeof left === 'number' && typeof right === 'number' ? float(operator, left, right) : Number.NaN
    if (Number.isSafeInteger(plain)) return plain + 0
    return exactInteger(whole(operator, BigInt(left), BigInt(right)), context)
  }
  const power = operator === '**' ? wholePower(left, right) : null
  if (power !== null) return exactInteger(power, context)
  const result = float(operator, Number(left), Number(right))
  if (!Number.isFinite(result)) throw new TemplateError('the result is not a finite number', context.at)
  return result
}

const isWhole = (value: number | bigint): boolean => typeof value === 'bigint' || Number.isSafeInteger(value)

function float(operator: Exclude<BinaryOperator, '~'>, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '//':
      return floorOf(left, right)
    case '%':
      return modulo(left, right)
    case '**':
      return left ** right
  }
}

/** Null where the result is a fraction, or beyond 64 bits. */
function wholePower(left: number | bigint, right: number | bigint): bigint | null {
  if (!isWhole(left) || !isWhole(right) || right < 0 || Math.abs(Number(left) ** Number(right)) > 2 ** 64) return null
  return BigInt(left) ** BigInt(right)
}

/** Python's: the sign of the divisor. */
function modulo(left: number, right: number): number {
  const rest = left % right
  return rest !== 0 && rest < 0 !== right < 0 ? rest + right : rest
}

/** By what remains, as Python does it: 1 / 0.1 is rounded to 10, of which only 9 fit. */
function floorOf(left: number, right: number): number {
  const quotient = (left - modulo(left, right)) / right
  const floor = Math.floor(quotient)
  return quotient - floor > 0.5 ? floor + 1 : floor
}

function whole(operator: '+' | '-' | '*' | '//' | '%', left: bigint, right: bigint): bigint {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '//':
      return floorDivide(left, right)
    case '%':
      return left - right * floorDivide(left, right)
  }
}

function floorDivide(left: bigint, right: bigint): bigint {
  const quotient = left / right
  return left % right !== 0n && left < 0n !== right < 0n ? quotient - 1n : quotient
}
