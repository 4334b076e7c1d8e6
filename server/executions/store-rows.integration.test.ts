import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Queryable } from '../db/pool'
import { createTestDatabase } from '../db/testing/create-test-database'
import { storeRows } from './store-rows'

let client: pg.Client
/** What was sent: COPY, or the first word of a statement. */
let sent: string[] = []
let watched: Queryable

/** The client, keeping book. */
function watch(query: pg.Client['query']): Queryable {
  const told: unknown = (...given: unknown[]) => {
    const [asked] = given
    sent.push(typeof asked === 'string' ? (/\w+/.exec(asked)?.[0] ?? '') : 'COPY')
    return Reflect.apply(query, undefined, given)
  }
  return { query: told as Queryable['query'] }
}

beforeAll(async () => {
  const { url } = await createTestDatabase()
  client = new pg.Client({ connectionString: url })
  await client.connect()
  watched = watch(client.query.bind(client))
  await client.query(`CREATE SCHEMA s;
    CREATE TABLE s.wide (n int, id bigint, name text DEFAULT 'unnamed', short varchar(8), exact numeric, near float8, ok bool,
      at timestamptz, facts jsonb, CHECK (n <> -13));
    CREATE TABLE s.tagged (n int, tags text[]);
    CREATE TABLE s.counted (n int, id int GENERATED ALWAYS AS IDENTITY);
    CREATE TABLE s.ruled (n int); CREATE RULE nothing AS ON INSERT TO s.ruled DO INSTEAD NOTHING;
    CREATE TABLE s.guarded (n int); ALTER TABLE s.guarded ENABLE ROW LEVEL SECURITY`)
})
afterAll(async () => client.end())
beforeEach(async () => {
  await client.query('TRUNCATE s.wide, s.tagged, s.counted, s.ruled, s.guarded')
  sent = []
})

type Row = Record<string, unknown>

const store = async (table: string, rows: readonly Row[]): Promise<number> =>
  (await storeRows(watched, { kind: 'rows', table, mode: 'insert', key: [], data: null }, [rows])).rowCount

const many = (row: (n: number) => Row, count = 300): Row[] => Array.from({ length: count }, (_, n) => row(n))
const read = async (): Promise<unknown[]> =>
  (await client.query('SELECT to_jsonb(w) - $1::text AS row FROM s.wide w ORDER BY n', ['n'])).rows

describe('rows that are stored', () => {
  it.each<[string, Row]>([
    ['plain values', { id: 1, name: 'a', exact: 1.25, near: 0.1, ok: true, at: '2026-01-02T03:04:05.678Z' }],
    ['integers beyond 2^53', { id: 9007199254740993n, exact: 123456789012345678901234567890n, facts: { id: 5n } }],
    ['nothing at all', { name: null, facts: null, id: undefined, exact: null }],
    ['texts with all that COPY reads otherwise', { name: 'a\tb\nc\rd\\e\\N\\.\\t "f" \u2028 ü 🙂', short: '\\.' }],
    ['an empty text, and a text of \\N', { name: '', short: '\\N' }],
    ['numbers and flags in a text column', { name: 12.5, short: false }],
    ['texts in other columns', { id: '42', exact: '1e3', ok: 'yes', near: 'NaN' }],
    ['JSON of every kind', { facts: { deep: [1, null, 'x\ny\\', { a: '\\u0000' }] } }],
    ['a text as JSON', { facts: 'null' }],
    ['a list as JSON', { facts: [] }],
  ])('are by COPY what they are by a statement: %s', async (_what, row) => {
    await store('s.wide', [{ ...row, n: 0 }])
    const [expected] = await read()
    expect(sent).toEqual(['INSERT'])
    await client.query('TRUNCATE s.wide')
    sent = []
    expect(
      await store(
        's.wide',
        many((n) => ({ ...row, n })),
      ),
    ).toBe(300)
    expect(sent).toEqual(['SELECT', 'COPY'])
    expect(await read()).toEqual(Array.from({ length: 300 }, () => expected))
  })

  it.each<[string, string, (n: number) => Row]>([
    ['a list for an SQL array', 's.tagged', (n) => ({ n, tags: ['a', 'b,c'] })],
    ['an object for a text column', 's.wide', (n) => ({ n, name: { a: 1 } })],
    ['a number with an exponent', 's.wide', (n) => ({ n, name: 1e-7 })],
    ['a NUL', 's.wide', (n) => ({ n, name: 'a\u0000b' })],
    ['a table with row security', 's.guarded', (n) => ({ n })],
  ])('go by a statement where COPY would take them otherwise: %s', async (_what, table, row) => {
    expect(await store(table, many(row))).toBe(300)
    expect(sent.at(-1)).toBe('INSERT')
    expect(sent).not.toContain('COPY')
  })

  it('keep what the table demands of an INSERT', async () => {
    expect(
      await store(
        's.ruled',
        many((n) => ({ n })),
      ),
    ).toBe(0)
    await expect(
      store(
        's.counted',
        many((n) => ({ n, id: n })),
      ),
    ).rejects.toThrow('non-DEFAULT value')
    expect(sent).not.toContain('COPY')
    expect(
      await store(
        's.counted',
        many((n) => ({ n })),
      ),
    ).toBe(300)
    expect(sent.at(-1)).toBe('COPY')
  })

  it('take their defaults where they name no value, those of other columns apart', async () => {
    await store('s.wide', [...many((n) => ({ n })), ...many((n) => ({ name: 'named', n: 1000 + n }))])
    const { rows } = await client.query('SELECT name, count(*)::int FROM s.wide GROUP BY name ORDER BY name')
    expect(rows).toEqual([
      { name: 'named', count: 300 },
      { name: 'unnamed', count: 300 },
    ])
  })

  it.each<[string, (n: number) => Row, RegExp]>([
    [
      'a wrong value',
      (n) => ({ n: n + 1000, id: n === 2345 ? 'x\ty' : n }),
      /invalid input syntax for type bigint.*, in row 2345, column id \(SQLSTATE 22P02\)/s,
    ],
    ['a check', (n) => ({ n: n === 257 ? -13 : n + 100 }), /check constraint.*, in row 257 \(SQLSTATE 23514\)/],
    ['a text too long', (n) => ({ n: n + 100, short: n === 7 ? 'too long for it' : 'fits' }), /in row 7, column short/],
  ])('name the row that is refused for %s', async (_what, row, message) => {
    await expect(store('s.wide', many(row, 3000))).rejects.toThrow(message)
  })

  it('say which column or table is not there', async () => {
    await expect(
      store(
        's.wide',
        many((n) => ({ n, nope: 1 })),
      ),
    ).rejects.toThrow('column "nope" of relation "wide"')
    await expect(
      store(
        's.nowhere',
        many((n) => ({ n })),
      ),
    ).rejects.toThrow('relation "s.nowhere" does not exist')
  })
})
