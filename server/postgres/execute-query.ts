import pg from 'pg'
import Cursor from 'pg-cursor'
import { DomainError } from '@/domain/domain-error'
import { uniqueNames } from '@/domain/unique-names'
import { readerPool } from '../db/reader-pool'
import { cellAsJson } from './cell-as-json'

const MAX_ROWS = 1_000
/** A single value may be a gigabyte; the connection is cut before that is in memory. */
const MAX_BYTES = 32 * 1024 * 1024
const TIMEOUT_MS = 5_000

type Request = { query: string; schema: string }
type Answered = { columns: string[]; rows: (string | null)[][] }

/**
 * Runs one statement as the role that can only read, and gives the answer as JSON text (`executeAnswerSchema`). Throws
 * DomainError: `statement_refused` with line and column, `forbidden` for what the role may not do.
 */
export async function executeQuery({ query, schema }: Request): Promise<string> {
  const client = await readerPool().connect()
  let received = 0
  client.connection.stream.on('data', (chunk: Buffer) => {
    received += chunk.length
    if (received > MAX_BYTES) client.connection.stream.destroy()
  })
  try {
    await client.query('BEGIN READ ONLY')
    await client.query(
      `SELECT set_config('statement_timeout', $1, true), set_config('search_path', $2, true), set_config('TimeZone', 'UTC', true)`,
      [String(TIMEOUT_MS), `${pg.escapeIdentifier(schema)}, pg_catalog`],
    )
    return answerJson(await readAnswer(client, query))
  } catch (error) {
    throw received > MAX_BYTES ? tooLarge() : refusalOf(error, query)
  } finally {
    // A statement can leave locks and settings behind, so its connection serves nobody else.
    client.release(true)
  }
}

/** The extended protocol takes exactly one statement; the portal gives one row more than is shown, and no further. */
function readAnswer(client: pg.PoolClient, query: string): Promise<Answered> {
  const types = { getTypeParser: (typeId: number) => (text: string) => cellAsJson(typeId, text) }
  const cursor = new Cursor<(string | null)[]>(query, [], { rowMode: 'array', types })
  return new Promise((resolve, reject) => {
    // pg would otherwise call a method that a cursor hasn't got, and COPY would end the process.
    Object.assign(cursor, {
      handleCopyData: () => reject(copyRefused()),
      handleCopyInResponse: () => reject(copyRefused()),
    })
    client.once('end', () => reject(new Error('the connection to the database was cut')))
    client.once('error', reject)
    client.query(cursor).read(MAX_ROWS + 1, (error, rows, result) => {
      if (error === undefined || error === null)
        resolve({ columns: uniqueNames(result.fields.map(({ name }) => name)), rows })
      else reject(error)
    })
  })
}

function answerJson({ columns, rows }: Answered): string {
  const shown = rows.slice(0, MAX_ROWS)
  const keys = columns.map((column) => JSON.stringify(column))
  const objects = shown.map((row) => `{${keys.map((key, at) => `${key}:${row[at] ?? 'null'}`).join(',')}}`)
  const facts = `"row_count":${shown.length},"truncated":${rows.length > MAX_ROWS}`
  return `{"columns":[${keys.join(',')}],"rows":[${objects.join(',')}],${facts}}`
}

const copyRefused = (): DomainError =>
  new DomainError('statement_refused', 'COPY is not a query.', { hint: 'Use SELECT, or the export of the results.' })

const tooLarge = (): DomainError =>
  new DomainError('statement_refused', `The answer is larger than ${MAX_BYTES / 1024 / 1024} MiB.`, {
    hint: 'Select fewer columns or rows, or export the results.',
  })

const QUERY_CANCELED = '57014'
/** Insufficient privilege, and a write in a read-only transaction. */
const NOT_ALLOWED: ReadonlySet<string | undefined> = new Set(['42501', '25006'])

function refusalOf(error: unknown, query: string): unknown {
  if (!(error instanceof pg.DatabaseError)) return error
  // The server is going down or full: no fault of the statement.
  if (error.code?.startsWith('57P') === true || error.code?.startsWith('53') === true) return error
  if (error.code === QUERY_CANCELED) {
    return new DomainError('statement_refused', `The statement took longer than ${TIMEOUT_MS / 1000} s.`, {
      cause: error,
    })
  }
  const place = { path: 'query', message: error.message, ...placeIn(query, Number(error.position)) }
  return new DomainError(NOT_ALLOWED.has(error.code) ? 'forbidden' : 'statement_refused', error.message, {
    places: [place],
    cause: error,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  })
}

/** PostgreSQL counts characters from 1. */
function placeIn(query: string, position: number): { line: number; column: number } | undefined {
  if (!(position > 0)) return undefined
  const before = Array.from(query)
    .slice(0, position - 1)
    .join('')
  return { line: before.split('\n').length, column: Array.from(before.slice(before.lastIndexOf('\n') + 1)).length + 1 }
}
