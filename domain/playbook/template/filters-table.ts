import { bindValues } from './bind-values'
import { spend } from './budget'
import { FORMAT } from './format-text'
import { LIST_FILTERS, attributes } from './list-operations'
import { NUMBER_FILTERS } from './number-filters'
import { operation, type Operation, type OperationTable } from './operation'
import { ORDER_FILTERS } from './order-filters'
import { readAttribute, readList, readText } from './read-argument'
import { TemplateError } from './template-error'
import { TESTS } from './tests-table'
import { TEXT_FILTERS } from './text-operations'
import { isTrue, type Context } from './values'

/** `default` replaces what is undefined; with a true second argument also what counts as false. */
const orDefault = operation(['value?', 'boolean?'], (input, [value, boolean], context) => {
  const replaces = boolean !== undefined && isTrue(boolean, context) && !isTrue(input, context)
  return replaces ? (value ?? '') : input
})

const PLAIN_FILTERS: readonly (readonly [string, Operation])[] = [
  ['default', orDefault],
  ['d', orDefault],
  ['format', FORMAT],
  ...NUMBER_FILTERS,
  ...TEXT_FILTERS,
  ...LIST_FILTERS,
  ...ORDER_FILTERS,
]
/** Those that `map` may name. */
export const MAPPED_FILTERS: OperationTable = new Map(PLAIN_FILTERS)

/** Every filter there is; `map`, `select` and their kin may use the plain ones and the tests by name. */
export const FILTERS: OperationTable = new Map<string, Operation>([
  ...PLAIN_FILTERS,
  [
    'map',
    operation(['filter?', 'argument?', 'argument2?', 'attribute?', 'default?'], (input, args, context) =>
      mapList(input, args, context),
    ),
  ],
  [
    'select',
    operation(['test?', 'argument?'], (input, [test, argument], context) =>
      readList(input, context).filter((item) => holds(item, { test, argument, context })),
    ),
  ],
  [
    'reject',
    operation(['test?', 'argument?'], (input, [test, argument], context) =>
      readList(input, context).filter((item) => !holds(item, { test, argument, context })),
    ),
  ],
  [
    'selectattr',
    operation(['attribute', 'test?', 'argument?'], (input, args, context) =>
      byAttribute(input, args, { keep: true, context }),
    ),
  ],
  [
    'rejectattr',
    operation(['attribute', 'test?', 'argument?'], (input, args, context) =>
      byAttribute(input, args, { keep: false, context }),
    ),
  ],
])

function mapList(input: unknown, args: readonly unknown[], context: Context): readonly unknown[] {
  const [filter, argument, second, attribute, fallback] = args
  const list = readList(input, context)
  if (attribute !== undefined) {
    if (fallback === undefined) return attributes(list, attribute, context)
    return list.map((item) => {
      const found = readAttribute(item, attribute, context)
      return found === null ? fallback : found.value
    })
  }
  const name = readText(filter, context)
  const found = MAPPED_FILTERS.get(name)
  if (found === undefined) throw new TemplateError(`there is no filter ${name} for map`, context.at)
  const bound = bindValues(found, [argument, second], { label: `the filter ${name}`, context })
  return list.map((item) => found.run(item, bound, charged(context)))
}

function byAttribute(
  input: unknown,
  args: readonly unknown[],
  options: { keep: boolean; context: Context },
): unknown[] {
  const [attribute, test, argument] = args
  return readList(input, options.context).filter((item) => {
    const found = readAttribute(item, attribute, options.context)
    if (test === 'defined' || test === 'undefined') return ((found !== null) === (test === 'defined')) === options.keep
    const passed = found !== null && holds(found.value, { test, argument, context: options.context })
    return passed === options.keep
  })
}

function holds(value: unknown, options: { test: unknown; argument: unknown; context: Context }): boolean {
  const { test, argument, context } = options
  if (test === undefined) return isTrue(value, charged(context))
  const name = readText(test, context)
  const found = testOf(name)
  if (found === undefined) throw new TemplateError(`there is no test ${name}`, context.at)
  const bound = bindValues(found, [argument], { label: `the test ${name}`, context })
  return found.run(value, bound, charged(context)) === true
}

/** The test that `select` and its kin call by a name, or by an operator. */
export const testOf = (name: string): Operation | undefined => TESTS.get(SYMBOLS.get(name) ?? name)

const SYMBOLS: ReadonlyMap<string, string> = new Map([
  ['==', 'eq'],
  ['!=', 'ne'],
  ['<', 'lt'],
  ['<=', 'le'],
  ['>', 'gt'],
  ['>=', 'ge'],
])

function charged(context: Context): Context {
  spend(context.budget, 1, context.at)
  return context
}
