import { operation, type Operation, type OperationTable } from './operation'
import { isInteger } from './number-filters'
import { readIndex, readList, readText } from './read-argument'
import { TemplateError } from './template-error'
import { isDataObject, isEqual, isNumeric, isSamePlain, order, refuseSecret, type Context } from './values'
import { spendPlain, spendText } from './budget'

const none = simple((input) => input === null || input === undefined)
const equal = operation(['other'], (input, [other], context) => isEqual(input, other, context))
const different = operation(['other'], (input, [other], context) => !isEqual(input, other, context))
/** An object is one in Jinja, too: `is sequence and is not mapping` is how lists are told from them. */
const iterable = simple((input) => Array.isArray(input) || typeof input === 'string' || isDataObject(input))
const less = operation(['other'], (input, [other], context) => order(input, other, context) < 0)
const greater = operation(['other'], (input, [other], context) => order(input, other, context) > 0)

/** What may stand after `is`. `defined` and `undefined` are decided before the value is asked for. */
export const TESTS: OperationTable = new Map<string, Operation>([
  ['defined', simple(() => true)],
  ['undefined', simple(() => false)],
  ['none', none],
  ['null', none],
  ['number', simple(isNumeric)],
  ['integer', simple(isInteger)],
  ['float', simple((input) => typeof input === 'number' && !Number.isInteger(input))],
  ['string', simple((input) => typeof input === 'string')],
  ['boolean', simple((input) => typeof input === 'boolean')],
  ['true', simple((input) => input === true)],
  ['false', simple((input) => input === false)],
  ['mapping', simple(isDataObject)],
  ['sequence', iterable],
  ['iterable', iterable],
  ['odd', operation([], (input, _args, context) => remainder(input, 2, context) !== 0n)],
  ['even', operation([], (input, _args, context) => remainder(input, 2, context) === 0n)],
  ['divisibleby', operation(['number'], (input, [number], context) => remainder(input, number, context) === 0n)],
  ['lower', simpleText((text) => text === text.toLowerCase() && text !== text.toUpperCase())],
  ['upper', simpleText((text) => text === text.toUpperCase() && text !== text.toLowerCase())],
  ['sameas', operation(['other'], (input, [other], context) => isSame(input, other, context))],
  ['in', operation(['container'], (input, [container], context) => contains(container, input, context))],
  ['eq', equal],
  ['equalto', equal],
  ['ne', different],
  ['lt', less],
  ['lessthan', less],
  ['le', operation(['other'], (input, [other], context) => order(input, other, context) <= 0)],
  ['gt', greater],
  ['greaterthan', greater],
  ['ge', operation(['other'], (input, [other], context) => order(input, other, context) >= 0)],
])

/** `item in container`: an element of a list, a key of an object, or a part of a text. Throws TemplateError. */
export function contains(container: unknown, item: unknown, context: Context): boolean {
  refuseSecret(item, 'looked for', context)
  refuseSecret(container, 'searched', context)
  if (typeof container === 'string') {
    spendText(context.budget, container.length, context.at)
    return container.includes(readText(item, context))
  }
  if (Array.isArray(container) && isPlain(item)) return holdsPlain(container, item, context)
  return readList(container, context).some((each) => isEqual(each, item, context))
}

type Plain = string | number | bigint | boolean | null | undefined

const isPlain = (value: unknown): value is Plain => typeof value !== 'object' || value === null

/** The common `id in ids`, at the price of what it takes. */
function holdsPlain(list: readonly unknown[], item: Plain, context: Context): boolean {
  spendPlain(context.budget, list.length, context.at)
  return list.some((each) => (isPlain(each) ? isSamePlain(each, item, context) : isEqual(each, item, context)))
}

function simple(test: (input: unknown) => boolean): Operation {
  return operation([], (input, _args, context) => {
    refuseSecret(input, 'tested', context)
    return test(input)
  })
}

function simpleText(test: (text: string) => boolean): Operation {
  return operation([], (input, _args, context) => {
    refuseSecret(input, 'tested', context)
    if (typeof input !== 'string') return false
    spendText(context.budget, input.length, context.at)
    return test(input)
  })
}

/** As equal, and of one kind: 1 is not the same as true. */
const isSame = (left: unknown, right: unknown, context: Context): boolean =>
  (typeof left === 'boolean') === (typeof right === 'boolean') && isEqual(left, right, context)

function remainder(input: unknown, divisor: unknown, context: Context): bigint {
  const by = readIndex(divisor, context)
  if (!isInteger(input) || by === 0) throw new TemplateError('a whole number is expected here', context.at)
  return BigInt(input) % BigInt(by)
}
