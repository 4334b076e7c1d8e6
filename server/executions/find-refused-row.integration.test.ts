import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../db/testing/create-test-database'
import { storeRows } from './store-rows'

let client: pg.Client

beforeAll(async () => {
  const { url } = await createTestDatabase()
  client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`CREATE SCHEMA s;
    CREATE TABLE s.team (id int PRIMARY KEY);
    CREATE TABLE s.person (id int PRIMARY KEY, serial bigserial, name text NOT NULL, email text UNIQUE, age int CHECK (age >= 0),
      short varchar(8), joined date, team int REFERENCES s.team, chief int REFERENCES s.person);
    CREATE FUNCTION s.no_robots() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.name = 'robot' THEN RAISE EXCEPTION 'no robots'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER no_robots BEFORE INSERT ON s.person FOR EACH ROW EXECUTE FUNCTION s.no_robots();
    INSERT INTO s.team VALUES (1)`)
})
afterAll(async () => client.end())
beforeEach(async () => {
  await client.query(`TRUNCATE s.person; INSERT INTO s.person (id, name, email) VALUES (-1, 'old', 'taken')`)
})

type Row = Record<string, unknown>
const person = (n: number): Row => ({
  id: n,
  name: `p${n}`,
  email: `e${n}`,
  age: 1,
  short: 'fits',
  joined: '2026-01-02',
  team: 1,
})
const people = (count: number, at: number, wrong: Row): Row[] =>
  Array.from({ length: count }, (_, n) => ({ ...person(n), ...(n === at && wrong) }))

/** In a transaction, as every action is. */
async function store(rows: readonly Row[], mode: 'insert' | 'upsert', before = 'SELECT 1'): Promise<string> {
  await client.query('BEGIN')
  await client.query(before)
  const action = { kind: 'rows', table: 's.person', mode, key: mode === 'upsert' ? ['id'] : [], data: null } as const
  const said = await storeRows(client, action, [rows]).then(
    () => 'stored',
    (error: unknown) => String(error),
  )
  await client.query('ROLLBACK')
  expect((await client.query('SELECT id FROM s.person')).rows).toEqual([{ id: -1 }])
  return said
}

describe.each([
  ['upsert', 'of a few rows', 20],
  ['upsert', 'of several batches', 4_500],
  ['insert', 'of a few rows', 20],
  ['insert', 'of several batches', 4_500],
] as const)('an %s %s', (mode, _size, count) => {
  const at = Math.floor(count * 0.7)
  it.each<[string, Row, RegExp]>([
    [
      'a type',
      { age: 'old' },
      /invalid input syntax for type integer: "old", in row AT, column age \(SQLSTATE 22P02\)/,
    ],
    [
      'a text too long',
      { short: 'longer than eight' },
      /value too long .*, in row AT, column short \(SQLSTATE 22001\)/,
    ],
    [
      'a day that is none',
      { joined: '2026-02-30' },
      /out of range: "2026-02-30", in row AT, column joined \(SQLSTATE 22008\)/,
    ],
    ['not-null', { name: null }, /null value in column "name" .*, in row AT, column name \(SQLSTATE 23502\)/],
    ['a check', { age: -1 }, /check constraint "person_age_check", in row AT \(SQLSTATE 23514\)/],
    [
      'a foreign key',
      { team: 2 },
      /foreign key constraint "person_team_fkey", in row AT, column team \(SQLSTATE 23503\)/,
    ],
    ['another unique key', { email: 'taken' }, /"person_email_key", in row AT, column email \(SQLSTATE 23505\)/],
    ['a key of a row before it', { email: 'e0' }, /"person_email_key", in row AT, column email \(SQLSTATE 23505\)/],
    ['a trigger', { name: 'robot' }, /no robots, in row AT \(SQLSTATE P0001\)/],
  ])('names the row and the column that are refused for %s, and keeps none', async (_what, wrong, message) => {
    expect(await store(people(count, at, wrong), mode)).toMatch(new RegExp(message.source.replace('AT', String(at))))
  })
})

describe('the row that is looked for', () => {
  it('is told by its place among all that were given, where others of its key fell out or came in another order', async () => {
    const rows = [person(9), person(3), person(9), { ...person(5), age: -1 }, person(1)]
    expect(await store(rows, 'upsert')).toContain('in row 3 (SQLSTATE 23514)')
  })

  it('is not one that only seems wrong because the transaction before it is gone', async () => {
    const rows = people(9, 7, { team: 3 }).map((row, n) => (n === 4 ? { ...row, team: 2 } : row))
    const teams = 'INSERT INTO s.team VALUES (2)'
    expect(await store(rows, 'upsert', teams)).toContain('"person_team_fkey", in row 7, column team (SQLSTATE 23503)')
    const two = rows.map((row, n) => (n === 8 ? { ...row, team: 3 } : row))
    expect(await store(two, 'upsert', teams)).toContain('"person_team_fkey" (SQLSTATE 23503)')
  })

  it('is not looked for where the table is wrong, or there is nothing to tell', async () => {
    const said = await store([{ id: 1, nope: 2 }], 'upsert')
    expect(said).toContain('column "nope" of relation "person" does not exist (SQLSTATE 42703)')
  })

  it('costs nothing while none is refused', async () => {
    const sent: unknown[] = []
    const query = client.query.bind(client)
    const watched = {
      query: ((...given: [string]) => {
        sent.push(given[0])
        return query(...given)
      }) as pg.Client['query'],
    }
    const action = { kind: 'rows' as const, table: 's.person', mode: 'upsert' as const, key: ['id'], data: null }
    await storeRows(watched, action, [people(4_500, -1, {})])
    expect(sent).toEqual(Array.from({ length: 3 }, () => expect.stringMatching(/^INSERT INTO "s"\."person"/)))
  })
})
