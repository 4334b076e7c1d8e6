import pg, { type Connection, type QueryResult, type QueryResultRow, type Submittable } from 'pg'
import type { Queryable } from './pool'

/** Every parameter is text as PostgreSQL reads it, or its bytes in UTF-8, or null. */
export type TextQuery = { name: string; text: string; values: readonly TextValue[] }
type TextValue = string | Uint8Array | null

/**
 * A prepared statement whose parameters go out in one buffer of their size. pg's own grows by halves and is copied each
 * time, which costs as much as sending them where they are bodies of pages.
 */
export function queryAtOnce<Row extends QueryResultRow>(
  client: Queryable,
  query: TextQuery,
): Promise<QueryResult<Row>> {
  const whole = new pg.Query({ name: query.name, text: query.text })
  const submit = whole.submit.bind(whole)
  // What pg sends it sends by the connection; of that, one message is written otherwise.
  whole.submit = (connection) => submit(Object.create(connection, { bind: { value: bindOf(connection, query) } }))
  return new Promise((resolve, reject) => {
    const done: Done<Row> = (error, result) => (result === undefined ? reject(error) : resolve(result))
    // pg takes a query of its own with a callback, pool or client alike; its types know it only without.
    ;(client as unknown as Submitting<Row>).query(whole, undefined, done)
  })
}

type Done<Row extends QueryResultRow> = (error: Error | null, result?: QueryResult<Row>) => void
type Submitting<Row extends QueryResultRow> = { query(query: Submittable, values: undefined, done: Done<Row>): void }

const bindOf = (connection: Connection, query: TextQuery) => (): void => {
  connection.stream.write(bindMessage(query.name, query.values))
}

const INT16 = 2
const INT32 = 4
const NULL_LENGTH = -1

/** The message Bind of the protocol: the unnamed portal, text for every parameter and every column of the answer. */
export function bindMessage(statement: string, values: readonly TextValue[]): Buffer {
  const lengths = values.map((value) => (value === null ? NULL_LENGTH : Buffer.byteLength(value)))
  const content = lengths.reduce((sum, length) => sum + INT32 + Math.max(0, length), 0)
  const message = Buffer.allocUnsafe(1 + INT32 + 1 + Buffer.byteLength(statement) + 1 + 3 * INT16 + content)
  let end = message.write('B', 0)
  end = message.writeInt32BE(message.length - 1, end)
  end = message.writeInt8(0, end)
  end += message.write(`${statement}\0`, end)
  end = message.writeInt16BE(0, end)
  end = message.writeInt16BE(values.length, end)
  for (const [place, value] of values.entries()) {
    end = message.writeInt32BE(lengths[place] ?? NULL_LENGTH, end)
    if (typeof value === 'string') end += message.write(value, end)
    if (value instanceof Uint8Array) {
      message.set(value, end)
      end += value.length
    }
  }
  message.writeInt16BE(0, end)
  return message
}
