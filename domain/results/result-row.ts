import type { ResultsQuery } from '../api/results'
import { csvCell, csvLine, csvText } from './csv'
import { oneLine, pathsOf, pick, scalarText, type Paths } from './json-slices'

/** One item with where it came from; `item` is JSON text as it stood in the response. */
export type RawRow = { step: string; index: number; element: string | null; page: number; row: number; item: string }

/** Columns, by dotted path, and how to find them in an item. */
export type Columns = { names: readonly string[]; paths: Paths }
export const columnsOf = (names: readonly string[]): Columns => ({ names, paths: pathsOf(names) })

/** Fields, by dotted path, and the text each must have. */
export type Conditions = { wanted: NonNullable<ResultsQuery['where']>; paths: Paths }
export const conditionsOf = (wanted: Conditions['wanted']): Conditions => ({
  wanted,
  paths: pathsOf(wanted.map(({ field }) => field)),
})

/** The provenance columns, in order. */
const PROVENANCE = ['_step', '_index', '_element', '_page', '_row'] as const

/** Whether an item meets all conditions; a field that isn't there equals nothing. */
export function matches(item: string, { wanted, paths }: Conditions): boolean {
  if (wanted.length === 0) return true
  const values = pick(item, paths)
  return wanted.every(({ field, value }) => {
    const slice = values.get(field)
    return slice !== undefined && scalarText(slice) === value
  })
}

/** A row as JSON text on one line: the item as it came, or only some columns of it, with provenance in front if asked. */
export function jsonRow(row: RawRow, options: { columns: Columns | null; provenance: boolean }): string {
  const item = oneLine(options.columns === null ? row.item : onlyColumns(row.item, options.columns))
  if (!options.provenance) return item
  const { step, index, element, page } = row
  const origin = JSON.stringify({ _step: step, _index: index, _element: element, _page: page, _row: row.row }).slice(
    0,
    -1,
  )
  if (!item.startsWith('{')) return `${origin},"value":${item}}`
  const members = item.slice(1).trimStart()
  return members === '}' ? `${origin}}` : `${origin},${members}`
}

/** A row as a line of CSV under these columns. */
export function csvRow(row: RawRow, columns: Columns, provenance: boolean): string {
  const values = pick(row.item, columns.paths)
  const cells = columns.names.map((column) => csvCell(values.get(column)))
  return csvLine(provenance ? [...originCells(row), ...cells] : cells)
}

/** The first line of a CSV; names come from responses, so they are guarded as cells are. */
export const csvHeader = (columns: Columns, provenance: boolean): string =>
  csvLine([...(provenance ? PROVENANCE : []), ...columns.names.map(csvText)])

const originCells = ({ step, index, element, page, row }: RawRow): string[] => [
  csvText(step),
  String(index),
  csvText(element ?? ''),
  String(page),
  String(row),
]

function onlyColumns(item: string, columns: Columns): string {
  const values = pick(item, columns.paths)
  const members = columns.names.flatMap((column) => {
    const slice = values.get(column)
    return slice === undefined ? [] : [`${JSON.stringify(column)}:${slice}`]
  })
  return `{${members.join(',')}}`
}
