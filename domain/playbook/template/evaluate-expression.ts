import { cutText } from '../../cut-text'
import { calculate } from './arithmetic'
import { spend, spendComparison, spendText, type Budget } from './budget'
import { charactersOf, sliceBy } from './characters'
import { FILTERS } from './filters-table'
import { FUNCTIONS, METHODS_OF_OBJECTS, METHODS_OF_TEXTS } from './functions-table'
import type { Operation } from './operation'
import { memberOf, readIndex } from './read-argument'
import { lookUp, UNDEFINED, undefinedName, type Frame, type Scope } from './scope'
import { isSecretText, joinText, lengthOfText, secretText } from './secret-text'
import type { Arguments, CompareOperator, Expression } from './syntax'
import { TemplateError } from './template-error'
import { contains, TESTS } from './tests-table'
import { textOf } from './text-of'
import {
  dataObject,
  inNumbers,
  isDataObject,
  isEqual,
  isTrue,
  kindOf,
  order,
  ownKeys,
  refuseSecret,
  type Context,
} from './values'

export type Evaluation = { scope: Scope; frame: Frame; budget: Budget }

/** Filters that pass their input on whole, so that it may be a secret. */
const PASSING: ReadonlySet<string> = new Set(['default', 'd'])
/** Filters that pick an element, which an empty list hasn't. */
const OF_A_LIST: ReadonlySet<string> = new Set(['first', 'last', 'min', 'max'])
const SECRET_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/** The value of one expression. Throws TemplateError. */
export function evaluateExpression(expression: Expression, evaluation: Evaluation): unknown {
  const context: Context = { at: expression.at, budget: evaluation.budget }
  spend(evaluation.budget, 1, expression.at)
  const evaluate = (part: Expression): unknown => evaluateExpression(part, evaluation)
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'name':
    case 'member':
      return evaluatePath(expression, evaluation, false)
    case 'slice':
      return slice(expression, evaluate, context)
    case 'list':
      return expression.items.map(evaluate)
    case 'object':
      return dataObject(expression.entries.map(({ key, value }) => [textOf(evaluate(key), context), evaluate(value)]))
    case 'not':
      return !isTrue(evaluate(expression.operand), context)
    case 'sign':
      return calculate(expression.negative ? '-' : '+', 0, evaluate(expression.operand), context)
    case 'binary': {
      const left = evaluate(expression.left)
      const right = evaluate(expression.right)
      if (expression.operator === '~') return concatenate(left, right, context)
      if (isSecretText(left) || isSecretText(right))
        refuseSecret(isSecretText(left) ? left : right, 'calculated with', context)
      return calculate(expression.operator, left, right, context)
    }
    case 'logic': {
      const left = evaluate(expression.left)
      return isTrue(left, context) === (expression.operator === 'and') ? evaluate(expression.right) : left
    }
    case 'in':
      return contains(evaluate(expression.container), evaluate(expression.item), context)
    case 'compare':
      return compareAll(expression, evaluate, context)
    case 'test':
      return evaluateTest(expression, evaluation, context)
    case 'choice':
      if (isTrue(evaluate(expression.condition), context)) return evaluate(expression.whenTrue)
      return expression.whenFalse === null ? null : evaluate(expression.whenFalse)
    case 'filter':
      return evaluateFilter(expression, evaluation, false)
    case 'call': {
      const found = required(FUNCTIONS.get(expression.name), expression.name, context)
      return found.run(null, bind(found, expression.args, evaluate, context), context)
    }
    case 'method':
      return callMethod(expression, evaluate, context)
  }
}

/** A chain of names and members; `tolerant` makes what is missing UNDEFINED instead of an error. */
function evaluatePath(expression: Expression, evaluation: Evaluation, tolerant: boolean): unknown {
  if (expression.kind === 'name') {
    const found = lookUp(expression.name, evaluation.frame, evaluation.scope)
    if (found !== null) return found.value ?? null
    if (expression.name === 'secret') throw new TemplateError('name the secret: secret.NAME', expression.at)
    if (tolerant) return UNDEFINED
    throw undefinedName(expression.name, expression.at, evaluation)
  }
  if (tolerant && expression.kind === 'filter' && OF_A_LIST.has(expression.name)) {
    return evaluateFilter(expression, evaluation, true)
  }
  if (expression.kind !== 'member') return evaluateExpression(expression, evaluation)
  const { target, key } = expression
  if (target.kind === 'name' && target.name === 'secret') return readSecret(key)
  const owner = evaluatePath(target, evaluation, tolerant)
  if (owner === UNDEFINED) return UNDEFINED
  const context: Context = { at: expression.at, budget: evaluation.budget }
  refuseSecret(owner, 'looked into', context)
  const name = evaluateExpression(key, evaluation)
  refuseSecret(name, 'used as a key', context)
  if (typeof name === 'string') spendComparison(context.budget, name.length, context.at)
  const found = memberOf(owner, name, context)
  if (found !== null) return found.value ?? null
  if (tolerant) return UNDEFINED
  throw missingMember({ expression, owner, name: textOf(name, context) })
}

function readSecret(key: Expression): unknown {
  if (key.kind === 'literal' && typeof key.value === 'string' && SECRET_NAME.test(key.value))
    return secretText(key.value)
  throw new TemplateError('a secret is named in plain letters: secret.NAME', key.at)
}

type Missing = { expression: Extract<Expression, { kind: 'member' }>; owner: unknown; name: string }

function missingMember({ expression, owner, name }: Missing): TemplateError {
  const whole = pathText(expression.target)
  const missing = `${whole}.${name}`
  const shown = cutText(name, 80)
  if (isDataObject(owner)) {
    const keys = ownKeys(owner)
    const near =
      keys.length === 0 ? 'It is empty.' : `It has: ${keys.slice(0, 12).join(', ')}${keys.length > 12 ? ', …' : '.'}`
    return new TemplateError(`${whole} has no ${shown}`, expression.at, { missing, hint: near })
  }
  const message = Array.isArray(owner)
    ? `${whole} is a list without an element ${shown}`
    : `${whole} is ${kindOf(owner)} and has no ${shown}`
  return new TemplateError(message, expression.at, { missing })
}

function pathText(expression: Expression): string {
  if (expression.kind === 'name') return expression.name
  if (expression.kind !== 'member') return 'this value'
  const key = expression.key.kind === 'literal' ? String(expression.key.value) : '…'
  return `${pathText(expression.target)}.${key}`
}

function concatenate(left: unknown, right: unknown, context: Context): unknown {
  const parts = [left, right].map((part) => (isSecretText(part) ? part : textOf(part, context)))
  spendText(
    context.budget,
    parts.reduce((sum, part) => sum + lengthOfText(part), 0),
    context.at,
  )
  return joinText(parts)
}

function compareAll(
  expression: Extract<Expression, { kind: 'compare' }>,
  evaluate: (part: Expression) => unknown,
  context: Context,
): boolean {
  let left = evaluate(expression.first)
  for (const { operator, value } of expression.rest) {
    const right = evaluate(value)
    if (!compare(operator, left, right, context)) return false
    left = right
  }
  return true
}

function compare(operator: CompareOperator, left: unknown, right: unknown, context: Context): boolean {
  if (operator === '==') return isEqual(left, right, context)
  if (operator === '!=') return !isEqual(left, right, context)
  if (operator === 'in' || operator === 'not in') return contains(right, left, context) === (operator === 'in')
  const [first, second] = inNumbers([left, right])
  const sign = order(first, second, context)
  switch (operator) {
    case '<':
      return sign < 0
    case '>':
      return sign > 0
    case '<=':
      return sign <= 0
    case '>=':
      return sign >= 0
  }
}

function evaluateTest(
  expression: Extract<Expression, { kind: 'test' }>,
  evaluation: Evaluation,
  context: Context,
): unknown {
  const { name, operand, args } = expression
  const asksForExistence = name === 'defined' || name === 'undefined'
  const value = asksForExistence ? evaluatePath(operand, evaluation, true) : evaluateExpression(operand, evaluation)
  if (value === UNDEFINED) return name === 'undefined'
  const found = required(TESTS.get(name), name, context)
  return found.run(
    value,
    bind(found, args, (part) => evaluateExpression(part, evaluation), context),
    context,
  )
}

function evaluateFilter(
  expression: Extract<Expression, { kind: 'filter' }>,
  evaluation: Evaluation,
  tolerant: boolean,
): unknown {
  const { name, args } = expression
  const context: Context = { at: expression.at, budget: evaluation.budget }
  const evaluate = (part: Expression): unknown => evaluateExpression(part, evaluation)
  const found = required(FILTERS.get(name), name, context)
  if (!PASSING.has(name)) {
    const input = evaluate(expression.input)
    refuseSecret(input, `given to the filter ${name}`, context)
    if (tolerant && Array.isArray(input) && input.length === 0) return UNDEFINED
    return found.run(input, bind(found, args, evaluate, context), context)
  }
  const input = evaluatePath(expression.input, evaluation, true)
  const values = orderArguments(found, args).map((part) => (part === null ? undefined : evaluate(part)))
  if (input === UNDEFINED) return values[0] ?? ''
  return isSecretText(input) ? input : found.run(input, values, context)
}

function callMethod(
  expression: Extract<Expression, { kind: 'method' }>,
  evaluate: (part: Expression) => unknown,
  context: Context,
): unknown {
  const target = evaluate(expression.target)
  refuseSecret(target, 'taken apart', context)
  const table = isDataObject(target) ? METHODS_OF_OBJECTS : METHODS_OF_TEXTS
  const found = isDataObject(target) || typeof target === 'string' ? table.get(expression.name) : undefined
  if (found === undefined) throw new TemplateError(`${kindOf(target)} has no method ${expression.name}`, context.at)
  return found.run(target, bind(found, expression.args, evaluate, context), context)
}

function bind(
  found: Operation,
  args: Arguments,
  evaluate: (part: Expression) => unknown,
  context: Context,
): readonly unknown[] {
  return orderArguments(found, args).map((part) => {
    const value = part === null ? undefined : evaluate(part)
    refuseSecret(value, 'given as an argument', context)
    return value
  })
}

function orderArguments(found: Operation, args: Arguments): (Expression | null)[] {
  return found.params.map(
    (param, index) => args.positional[index] ?? args.named.find(({ name }) => name === param)?.value ?? null,
  )
}

function required(found: Operation | undefined, name: string, context: Context): Operation {
  if (found !== undefined) return found
  throw new TemplateError(`there is no ${name}`, context.at)
}

function slice(
  expression: Extract<Expression, { kind: 'slice' }>,
  evaluate: (part: Expression) => unknown,
  context: Context,
): unknown {
  const target = evaluate(expression.target)
  if (typeof target !== 'string' && !Array.isArray(target)) {
    throw new TemplateError(`${kindOf(target)} can't be sliced`, context.at)
  }
  const bound = (part: Expression | null): number | null => {
    const value = part === null ? null : evaluate(part)
    return value === null ? null : readIndex(value, context)
  }
  const step = bound(expression.step) ?? 1
  if (step === 0) throw new TemplateError('a slice needs a step other than 0', context.at)
  const from = bound(expression.from)
  const to = bound(expression.to)
  const list = typeof target === 'string' ? charactersOf(target, context) : target
  spend(context.budget, list.length / 8, context.at)
  if (step === 1 && list === target) return target.slice(from ?? 0, to ?? target.length)
  const found = sliceBy(list, { from, to, step })
  return typeof target === 'string' ? found.join('') : found
}
