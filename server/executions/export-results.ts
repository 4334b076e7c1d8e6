import type { PoolClient } from 'pg'
import type { ResultsQuery } from '@/domain/api/results'
import { DomainError } from '@/domain/domain-error'
import { flatten } from '@/domain/results/json-slices'
import {
  columnsOf,
  conditionsOf,
  csvHeader,
  csvRow,
  jsonRow,
  matches,
  type Columns,
  type RawRow,
} from '@/domain/results/result-row'
import { pool, type Queryable } from '../db/pool'
import { noSuchExecution } from './read-events'
import { readPagesInOrder, rowsOf } from './read-pages-in-order'
import { requireExecution } from './require-execution'

/** More columns than any reader of CSV takes; narrower wishes go through `columns`. */
const MAX_CSV_COLUMNS = 2_000
/** Text is handed on in pieces of about this size. */
const CHUNK_CHARACTERS = 64 * 1024

export type ResultsFile = { contentType: string; fileName: string; chunks: AsyncGenerator<string> }
type TextFormat = Exclude<ResultsQuery['format'], 'parquet'>

const CONTENT_TYPES: Record<TextFormat, string> = {
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
}

/**
 * All items of an execution in the order step, element, page, row, whatever finished first. Memory does not grow with
 * their number. Throws DomainError before anything is sent: `not_found`, `invalid_request`.
 */
export async function exportResults(executionId: string, query: ResultsQuery): Promise<ResultsFile> {
  const { format } = query
  if (format === 'parquet') throw parquetRefused()
  const { path, ended } = await readSource(executionId, query.step)
  const chunks = format === 'csv' && !ended ? ofOneMoment : undefined
  const text = (db: Queryable): AsyncGenerator<string> => inChunks(formatted(db, executionId, { ...query, format }))
  return {
    contentType: CONTENT_TYPES[format],
    fileName: `${path.split('/').at(-1)}-${executionId}${query.step === undefined ? '' : `-${fileSafe(query.step)}`}.${format}`,
    chunks: await started(chunks === undefined ? text(pool()) : chunks(text)),
  }
}

const parquetRefused = (): DomainError =>
  new DomainError('invalid_request', 'Parquet is not available in this version.', {
    places: [{ path: 'format', message: 'parquet is not available; json, ndjson and csv are' }],
    hint: 'Take format=ndjson or format=csv; both are read by DuckDB, pandas and Spark.',
  })

const fileSafe = (name: string): string => name.replaceAll(/[^A-Za-z0-9._-]+/g, '_')

async function readSource(executionId: string, step: string | undefined): Promise<{ path: string; ended: boolean }> {
  const { rows } = await pool().query<{ path: string; ended: boolean; known: boolean }>(
    `SELECT path, status IN ('COMPLETED', 'FAILED', 'CANCELLED') AS ended,
       $2::text IS NULL OR EXISTS (SELECT 1 FROM noetl.step s WHERE s.execution_id = x.execution_id AND s.step = $2) AS known
     FROM noetl.execution x WHERE execution_id = $1 AND removed_at IS NULL`,
    [executionId, step ?? null],
  )
  const source = rows[0]
  if (source === undefined) throw noSuchExecution(executionId)
  if (!source.known) throw new DomainError('not_found', `Execution ${executionId} has no step "${step}".`)
  return source
}

type Format = ResultsQuery & { format: TextFormat }

async function* formatted(db: Queryable, executionId: string, query: Format): AsyncGenerator<string> {
  const rows = (): AsyncGenerator<RawRow> => readRows(db, executionId, query)
  const { provenance } = query
  if (query.format === 'csv') {
    const columns = columnsOf(query.columns ?? (await findColumns(rows())))
    yield csvHeader(columns, provenance)
    for await (const row of rows()) yield csvRow(row, columns, provenance)
    return
  }
  const columns: Columns | null = query.columns === undefined ? null : columnsOf(query.columns)
  const isArray = query.format === 'json'
  let before = isArray ? '[\n' : ''
  for await (const row of rows()) {
    yield before + jsonRow(row, { columns, provenance })
    before = isArray ? ',\n' : '\n'
  }
  if (isArray) yield before === '[\n' ? '[]\n' : '\n]\n'
  else if (before !== '') yield before
}

async function* readRows(db: Queryable, executionId: string, query: ResultsQuery): AsyncGenerator<RawRow> {
  const conditions = conditionsOf(query.where ?? [])
  for await (const pages of readPagesInOrder(db, { executionId, step: query.step ?? null })) {
    for (const page of pages) {
      for (const row of rowsOf(page)) if (matches(row.item, conditions)) yield row
    }
  }
  // Pages that were removed meanwhile are missing above: then the file must not look like a whole one.
  await requireExecution(db, executionId)
}

/** A first pass over the items: the header must name every column before the first row is written. */
async function findColumns(rows: AsyncGenerator<RawRow>): Promise<string[]> {
  const columns = new Set<string>()
  for await (const { item } of rows) {
    for (const [path] of flatten(item)) columns.add(path)
    if (columns.size > MAX_CSV_COLUMNS) {
      throw new DomainError('invalid_request', `The items have more than ${MAX_CSV_COLUMNS} different fields.`, {
        places: [{ path: 'columns', message: 'name the columns wanted' }],
        hint: 'Take the format ndjson, or name the fields wanted with columns=a,b.c.',
      })
    }
  }
  return [...columns]
}

/** Two passes over a log that still grows must see the same rows, so both read one snapshot of the database. */
async function* ofOneMoment(text: (db: Queryable) => AsyncGenerator<string>): AsyncGenerator<string> {
  const client: PoolClient = await pool().connect()
  let failed = true
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    yield* text(client)
    await client.query('COMMIT')
    failed = false
  } finally {
    client.release(failed)
  }
}

async function* inChunks(pieces: AsyncGenerator<string>): AsyncGenerator<string> {
  let chunk = ''
  for await (const piece of pieces) {
    chunk += piece
    if (chunk.length < CHUNK_CHARACTERS) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}

/** The same pieces with the first one already read, so that a failure there is still an answer of its own. */
async function started(pieces: AsyncGenerator<string>): Promise<AsyncGenerator<string>> {
  const first = await pieces.next()
  return (async function* () {
    try {
      if (first.done !== true) yield first.value
      yield* pieces
    } finally {
      await pieces.return(undefined)
    }
  })()
}
