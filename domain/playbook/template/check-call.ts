import { didYouMean } from '../nearest'
import { FILTERS } from './filters-table'
import { FUNCTIONS, METHODS_OF_OBJECTS, METHODS_OF_TEXTS } from './functions-table'
import type { Operation, OperationTable } from './operation'
import { TESTS } from './tests-table'
import { TemplateError } from './template-error'
import type { Arguments, Place } from './syntax'

/** Throws TemplateError unless there is such a filter and it takes these arguments. */
export function checkFilter(name: string, args: Arguments, at: Place): void {
  checkOperation({ what: 'filter', name, table: FILTERS, args, at })
}

/** Throws TemplateError unless there is such a test and it takes these arguments. */
export function checkTest(name: string, args: Arguments, at: Place): void {
  checkOperation({ what: 'test', name, table: TESTS, args, at })
}

/** Throws TemplateError unless there is such a function and it takes these arguments. */
export function checkFunction(name: string, args: Arguments, at: Place): void {
  checkOperation({ what: 'function', name, table: FUNCTIONS, args, at })
}

/** Throws TemplateError unless texts or objects have such a method; which of them is known only when it is called. */
export function checkMethod(name: string, args: Arguments, at: Place): void {
  const table = METHODS_OF_OBJECTS.has(name) ? METHODS_OF_OBJECTS : METHODS_OF_TEXTS
  const known = new Map([...METHODS_OF_OBJECTS, ...METHODS_OF_TEXTS])
  if (!table.has(name)) throw unknown({ what: 'method', name, table: known, at })
  checkOperation({ what: 'method', name, table, args, at })
}

type Check = { what: string; name: string; table: OperationTable; args: Arguments; at: Place }

function checkOperation({ what, name, table, args, at }: Check): void {
  const found = table.get(name)
  if (found === undefined) throw unknown({ what, name, table, at })
  const takes = `the ${what} ${name} takes ${found.params.join(', ') || 'no arguments'}`
  if (args.positional.length > found.params.length) throw new TemplateError(takes, at)
  const given = new Set(found.params.slice(0, args.positional.length))
  for (const { name: param } of args.named) {
    if (!found.params.includes(param) || given.has(param)) throw new TemplateError(`${takes}, not ${param}`, at)
    given.add(param)
  }
  if (missesArgument(found, given)) throw new TemplateError(takes, at)
}

const missesArgument = (found: Operation, given: ReadonlySet<string>): boolean =>
  found.params.slice(0, found.required).some((param) => !given.has(param))

function unknown({ what, name, table, at }: Omit<Check, 'args'>): TemplateError {
  const hint = NOT_HERE.get(name) ?? didYouMean(name, [...table.keys()])
  return new TemplateError(`there is no ${what} ${name}`, at, hint === null ? {} : { hint })
}

/** What NoETL's templates have besides. */
const NOT_HERE: ReadonlyMap<string, string> = new Map([
  [
    'now',
    'A template gives the same whenever it is evaluated: take now() in a statement, or a time from the workload.',
  ],
  ['token', 'A token is fetched by `auth: { type: oauth2_client_credentials, … }`, or read as secret.NAME.'],
  ['b64encode', 'Nothing is encoded here: send it as `json`, or bind it in a statement as it is.'],
])
