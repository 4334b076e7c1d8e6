import { setImmediate } from 'node:timers/promises'
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer'
import { cellOf, writableText, type Cell, type ColumnType } from '@/domain/results/column-types'
import { pick } from '@/domain/results/json-slices'
import { columnsOf, type RawRow } from '@/domain/results/result-row'
import { uniqueNames } from '@/domain/unique-names'

/** Rows wait in memory until their group is written: so many at most, or so many bytes of cells. */
const MAX_GROUP_ROWS = 50_000
const MAX_GROUP_BYTES = 4 * 1024 * 1024
/** Every group costs its columns a place each in the footer, which is kept to the end; that must not outgrow the rows. */
const GROUP_BYTES_A_COLUMN = 16 * 1024
/** About what a cell takes besides its text. */
const CELL_BYTES = 16
/** Bounds of longer texts would be kept to the end, two a group, and help no reader to skip one. */
const MAX_BOUND_CHARACTERS = 256
/** V8 makes a slice that points into its source only of more characters than these. */
const COPIED_CHARACTERS = 12

type Column = {
  name: string
  type: ColumnType | 'count'
  isRequired: boolean
  /** The cell of a row; `values` are the slices of its item by dotted path. */
  read: (row: RawRow, values: ReadonlyMap<string, string>) => Cell | number
}

/**
 * Rows as a Parquet file, in pieces of a row group each; the footer comes last, so a file that was cut is none. Holds one
 * group in memory, however many rows there are. `types` are the columns of the items, by dotted path.
 */
export async function* parquetFile(
  rows: AsyncIterable<RawRow>,
  { types, provenance }: { types: ReadonlyMap<string, ColumnType>; provenance: boolean },
): AsyncGenerator<Uint8Array> {
  const columns = namedApart([...(provenance ? ORIGIN : []), ...itemColumns(types)])
  const sink = new ByteWriter()
  const file = new ParquetWriter({ writer: sink, schema: schemaOf(columns, plainElement), createdBy: 'pageturner' })
  const { paths } = columnsOf([...types.keys()])
  const mostBytes = Math.max(MAX_GROUP_BYTES, columns.length * GROUP_BYTES_A_COLUMN)
  let group = emptyGroup(columns)
  for await (const row of rows) {
    addRow(group, columns, row, pick(row.item, paths))
    if (group.rows < MAX_GROUP_ROWS && group.bytes < mostBytes) continue
    // A group is written in one go; what waits behind the rows read for it goes first.
    await setImmediate()
    yield writeGroup(file, sink, columns, group)
    group = emptyGroup(columns)
  }
  if (group.rows > 0) yield writeGroup(file, sink, columns, group)
  // While it writes cells, the library would take JSON text for a value to be made JSON of once more.
  file.schema = schemaOf(columns, finalElement)
  void file.finish()
  yield takeBytes(sink)
}

/** Where a row comes from, as `provenance` adds it. */
const ORIGIN: Column[] = [
  { name: '_step', type: 'text', isRequired: true, read: (row) => writableText(row.step) },
  { name: '_index', type: 'count', isRequired: true, read: (row) => row.index },
  {
    name: '_element',
    type: 'text',
    isRequired: false,
    read: ({ element }) => (element === null ? null : writableText(element)),
  },
  { name: '_page', type: 'count', isRequired: true, read: (row) => row.page },
  { name: '_row', type: 'count', isRequired: true, read: (row) => row.row },
]

/** A file without columns has no rows either, and most readers refuse it: items without a field get an empty one. */
function itemColumns(types: ReadonlyMap<string, ColumnType>): Column[] {
  const named: Iterable<[string, ColumnType]> = types.size === 0 ? [['value', 'text']] : types
  return [...named].map(([path, type]) => ({
    name: writableText(path),
    type,
    isRequired: false,
    read: (_row, values) => ownCell(cellOf(values.get(path), type)),
  }))
}

/** A text of its own: one cut out of a page keeps the whole page in memory, unless it is so short that V8 copies it. */
const ownCell = (cell: Cell): Cell =>
  typeof cell === 'string' && cell.length > COPIED_CHARACTERS ? Buffer.from(cell).toString() : cell

function namedApart(columns: readonly Column[]): Column[] {
  const names = uniqueNames(columns.map(({ name }) => name))
  return columns.map((column, at) => ({ ...column, name: names[at] ?? column.name }))
}

const schemaOf = (columns: readonly Column[], elementOf: (column: Column) => SchemaElement): SchemaElement[] => [
  { name: 'root', num_children: columns.length },
  ...columns.map(elementOf),
]

function plainElement({ name, type, isRequired }: Column): SchemaElement {
  const repetition_type = isRequired ? 'REQUIRED' : 'OPTIONAL'
  switch (type) {
    case 'boolean':
      return { name, repetition_type, type: 'BOOLEAN' }
    case 'count':
      return { name, repetition_type, type: 'INT32' }
    case 'integer':
      return { name, repetition_type, type: 'INT64' }
    case 'number':
      return { name, repetition_type, type: 'DOUBLE' }
    case 'text':
    case 'json':
      return { name, repetition_type, type: 'BYTE_ARRAY', converted_type: 'UTF8' }
  }
}

const finalElement = (column: Column): SchemaElement =>
  column.type === 'json' ? { ...plainElement(column), converted_type: 'JSON' } : plainElement(column)

type Group = { cells: (Cell | number)[][]; rows: number; bytes: number }

const emptyGroup = (columns: readonly Column[]): Group => ({ cells: columns.map(() => []), rows: 0, bytes: 0 })

function addRow(group: Group, columns: readonly Column[], row: RawRow, values: ReadonlyMap<string, string>): void {
  columns.forEach(({ read }, at) => {
    const cell = read(row, values)
    group.cells[at]?.push(cell)
    group.bytes += typeof cell === 'string' ? CELL_BYTES + cell.length : CELL_BYTES
  })
  group.rows++
}

function writeGroup(file: ParquetWriter, sink: ByteWriter, columns: readonly Column[], group: Group): Uint8Array {
  const columnData = columns.map(({ name, type }, at) => {
    const data = group.cells[at] ?? []
    return { name, data, offsetIndex: false, statistics: type !== 'json' && data.every(isBound) }
  })
  void file.write({ columnData, rowGroupSize: MAX_GROUP_ROWS })
  return takeBytes(sink)
}

const isBound = (cell: Cell | number): boolean => typeof cell !== 'string' || cell.length <= MAX_BOUND_CHARACTERS

/** What was written since the last time; the places in the file go on where they were. */
function takeBytes(sink: ByteWriter): Uint8Array {
  const bytes = sink.getBytes().slice()
  sink.index = 0
  return bytes
}
