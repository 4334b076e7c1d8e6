import type { Context } from './values'

/** A filter, test, function or method: `args` stand in the order of `params`, undefined where none was given. */
export type Operation = {
  params: readonly string[]
  required: number
  run: (input: unknown, args: readonly unknown[], context: Context) => unknown
}

export type OperationTable = ReadonlyMap<string, Operation>

/** Shorthand for the tables; `params` ending in `?` may be left out. */
export function operation(params: readonly string[], run: Operation['run']): Operation {
  const required = params.filter((param) => !param.endsWith('?')).length
  return { params: params.map((param) => param.replace('?', '')), required, run }
}
