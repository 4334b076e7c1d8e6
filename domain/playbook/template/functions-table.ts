import { spend } from './budget'
import { OBJECT_METHODS, joinAll } from './list-operations'
import { operation, type Operation, type OperationTable } from './operation'
import { readIndex, readList, readText } from './read-argument'
import { TemplateError } from './template-error'
import { MORE_TEXT_METHODS } from './text-methods'
import { TEXT_METHODS } from './text-operations'
import type { Context } from './values'

const MAX_RANGE = 100_000

/** Functions that are called by name. */
export const FUNCTIONS: OperationTable = new Map<string, Operation>([
  ['range', operation(['start', 'stop?', 'step?'], (_input, args, context) => range(args, context))],
])

/** Methods of objects. */
export const METHODS_OF_OBJECTS: OperationTable = new Map(OBJECT_METHODS)

/** Methods of texts; `join` is the one that takes a list. */
export const METHODS_OF_TEXTS: OperationTable = new Map<string, Operation>([
  ...TEXT_METHODS,
  ...MORE_TEXT_METHODS,
  [
    'join',
    operation(['list'], (input, [list], context) =>
      joinAll(readList(list, context), readText(input, context), context),
    ),
  ],
])

function range(args: readonly unknown[], context: Context): number[] {
  const [first, second, third] = args
  const start = second === undefined ? 0 : readIndex(first, context)
  const stop = readIndex(second === undefined ? first : second, context)
  const step = third === undefined ? 1 : readIndex(third, context)
  if (step === 0) throw new TemplateError('range needs a step other than 0', context.at)
  const count = Math.max(0, Math.ceil((stop - start) / step))
  if (count > MAX_RANGE) throw new TemplateError(`range gives at most ${MAX_RANGE} numbers, not ${count}`, context.at)
  spend(context.budget, 1 + count, context.at)
  return Array.from({ length: count }, (_unused, index) => start + index * step)
}
