import { DomainError } from '@/domain/domain-error'
import { kindsOf, OBJECT_KIND, typeOf, type ColumnType } from '@/domain/results/column-types'
import { flatten, pick } from '@/domain/results/json-slices'
import { columnsOf, type RawRow } from '@/domain/results/result-row'

/** More columns than any reader of tables takes; narrower wishes go through `columns`. */
const MAX_COLUMNS = 2_000

type Rows = AsyncIterable<RawRow>

/** A first pass over the items: a header must name every column before the first row is written. */
export async function findColumns(rows: Rows): Promise<string[]> {
  const columns = new Set<string>()
  for await (const { item } of rows) {
    for (const [path] of flatten(item)) columns.add(path)
    if (columns.size > MAX_COLUMNS) throw tooManyColumns()
  }
  return [...columns]
}

/**
 * The same pass for a file whose columns have types: the columns by dotted path, in the order of `findColumns` or as
 * they are `wanted`, each with the type that holds all its values.
 */
export async function findTypes(rows: Rows, wanted: readonly string[] | undefined): Promise<Map<string, ColumnType>> {
  const kinds = wanted === undefined ? await kindsOfAll(rows) : await kindsOfSome(rows, wanted)
  return new Map([...kinds].map(([path, seen]) => [path, typeOf(seen)]))
}

async function kindsOfAll(rows: Rows): Promise<Map<string, number>> {
  const kinds = new Map<string, number>()
  for await (const { item } of rows) {
    for (const [path, slice] of flatten(item)) kinds.set(path, (kinds.get(path) ?? 0) | kindsOf(slice))
    if (kinds.size > MAX_COLUMNS) throw tooManyColumns()
  }
  // What is an object in one item and something else in another is a column beside those of its fields.
  const { above } = columnsOf([...kinds.keys()]).paths
  for (const [path, seen] of kinds) if (above.has(path)) kinds.set(path, seen | OBJECT_KIND)
  return kinds
}

async function kindsOfSome(rows: Rows, wanted: readonly string[]): Promise<Map<string, number>> {
  const kinds = new Map(wanted.map((path) => [path, 0]))
  const { paths } = columnsOf(wanted)
  for await (const { item } of rows) {
    for (const [path, slice] of pick(item, paths)) kinds.set(path, (kinds.get(path) ?? 0) | kindsOf(slice))
  }
  return kinds
}

const tooManyColumns = (): DomainError =>
  new DomainError('invalid_request', `The items have more than ${MAX_COLUMNS} different fields.`, {
    places: [{ path: 'columns', message: 'name the columns wanted' }],
    hint: 'Take the format ndjson, or name the fields wanted with columns=a,b.c.',
  })
