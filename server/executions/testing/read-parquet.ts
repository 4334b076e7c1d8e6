import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet'

type Read = {
  /** The type of each column, `JSON` and `UTF8` for the texts. */
  types: Record<string, string | undefined>
  /** A row each, with JSON as the text it is in the file. */
  rows: Record<string, unknown>[]
  groups: number[]
}

/** What a reader of its own makes of a Parquet file. */
export async function readParquet(bytes: Uint8Array): Promise<Read> {
  const file = new Uint8Array(bytes).buffer
  const metadata = await parquetMetadataAsync(file)
  const rows = await parquetReadObjects({
    file,
    metadata,
    parsers: { jsonFromBytes: (json: Uint8Array) => new TextDecoder().decode(json) },
  })
  const [, ...elements] = metadata.schema
  return {
    types: Object.fromEntries(elements.map(({ name, type, converted_type }) => [name, converted_type ?? type])),
    rows,
    groups: metadata.row_groups.map((group) => Number(group.num_rows)),
  }
}
