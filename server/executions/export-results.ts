import type { PoolClient } from 'pg'
import type { ResultsQuery } from '@/domain/api/results'
import { DomainError } from '@/domain/domain-error'
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
import { findColumns, findTypes } from './find-columns'
import { parquetFile } from './parquet-file'
import { noSuchExecution } from './read-events'
import { readPagesInOrder, rowsOf } from './read-pages-in-order'
import { requireExecution } from './require-execution'

/** Text is handed on in pieces of about this size. */
const CHUNK_CHARACTERS = 64 * 1024

export type ResultsFile = { contentType: string; fileName: string; chunks: AsyncGenerator<Uint8Array> }

const CONTENT_TYPES: Record<ResultsQuery['format'], string> = {
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
}

/**
 * All items of an execution in the order step, element, page, row, whatever finished first. Memory does not grow with
 * their number. Throws DomainError before anything is sent: `not_found`, `invalid_request`.
 */
export async function exportResults(executionId: string, query: ResultsQuery): Promise<ResultsFile> {
  const { format } = query
  const { path, ended } = await readSource(executionId, query.step)
  const isTable = format === 'csv' || format === 'parquet'
  const bytes = (db: Queryable): AsyncGenerator<Uint8Array> => formatted(db, executionId, query)
  return {
    contentType: CONTENT_TYPES[format],
    fileName: `${path.split('/').at(-1)}-${executionId}${query.step === undefined ? '' : `-${fileSafe(query.step)}`}.${format}`,
    chunks: await started(isTable && !ended ? ofOneMoment(bytes) : bytes(pool())),
  }
}

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

async function* formatted(db: Queryable, executionId: string, query: ResultsQuery): AsyncGenerator<Uint8Array> {
  const rows = (): AsyncGenerator<RawRow> => readRows(db, executionId, query)
  switch (query.format) {
    case 'parquet':
      yield* parquetFile(rows(), { types: await findTypes(rows(), query.columns), provenance: query.provenance })
      return
    case 'csv':
      yield* inChunks(csv(rows, query))
      return
    case 'json':
    case 'ndjson':
      yield* inChunks(json(rows(), query))
  }
}

async function* csv(rows: () => AsyncGenerator<RawRow>, query: ResultsQuery): AsyncGenerator<string> {
  const columns = columnsOf(query.columns ?? (await findColumns(rows())))
  yield csvHeader(columns, query.provenance)
  for await (const row of rows()) yield csvRow(row, columns, query.provenance)
}

async function* json(rows: AsyncGenerator<RawRow>, query: ResultsQuery): AsyncGenerator<string> {
  const { provenance } = query
  const columns: Columns | null = query.columns === undefined ? null : columnsOf(query.columns)
  const isArray = query.format === 'json'
  let before = isArray ? '[\n' : ''
  for await (const row of rows) {
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

/** Two passes over a log that still grows must see the same rows, so both read one snapshot of the database. */
async function* ofOneMoment(bytes: (db: Queryable) => AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const client: PoolClient = await pool().connect()
  let failed = true
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    yield* bytes(client)
    await client.query('COMMIT')
    failed = false
  } finally {
    client.release(failed)
  }
}

async function* inChunks(pieces: AsyncGenerator<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  let chunk = ''
  for await (const piece of pieces) {
    chunk += piece
    if (chunk.length < CHUNK_CHARACTERS) continue
    yield encoder.encode(chunk)
    chunk = ''
  }
  if (chunk !== '') yield encoder.encode(chunk)
}

/** The same pieces with the first one already read, so that a failure there is still an answer of its own. */
async function started<T>(pieces: AsyncGenerator<T>): Promise<AsyncGenerator<T>> {
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
