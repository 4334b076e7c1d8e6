import { expect, it } from 'vitest'
import pg from 'pg'
import { getTypeParser } from './cell-as-value'

const { INT8, NUMERIC, FLOAT8, DATE, TIMESTAMP, TIMESTAMPTZ, INTERVAL, JSONB, BYTEA, TEXT, BOOL } = pg.types.builtins

it.each([
  ['a count', INT8, '3', 3],
  ['a bigint of more than 53 bits', INT8, '9007199254740993', 9007199254740993n],
  ['a sum', NUMERIC, '12', 12],
  ['money, as many digits as there are', NUMERIC, '1.50', '1.50'],
  ['what is no number', FLOAT8, 'NaN', 'NaN'],
  ['a float', FLOAT8, '1e-07', 1e-7],
  ['a day, which has no zone', DATE, '2026-01-02', '2026-01-02'],
  ['a time without a zone', TIMESTAMP, '2026-01-02 03:04:05.123456', '2026-01-02T03:04:05.123456'],
  ['a time with its microseconds', TIMESTAMPTZ, '2026-01-02 03:04:05.123456+00', '2026-01-02T03:04:05.123456Z'],
  ['a time of a session with another zone', TIMESTAMPTZ, '2026-01-02 03:04:05+05:30', '2026-01-01T21:34:05Z'],
  ['what never comes', TIMESTAMPTZ, 'infinity', 'infinity'],
  ['an interval', INTERVAL, '1 day 02:00:00', '1 day 02:00:00'],
  ['JSON', JSONB, '{"id": 9007199254740993, "n": 1.5}', { id: 9007199254740993n, n: 1.5 }],
  ['bytes', BYTEA, '\\x01ff', '\\x01ff'],
  ['a truth', BOOL, 'f', false],
  ['a text', TEXT, '12', '12'],
  ['a list of bigints', 1016, '{1,NULL,9007199254740993}', [1, null, 9007199254740993n]],
  ['a list of days', 1182, '{2026-01-02}', ['2026-01-02']],
  [
    'a list of lists of texts',
    1009,
    '{{a,"b,c"},{d,e}}',
    [
      ['a', 'b,c'],
      ['d', 'e'],
    ],
  ],
])('reads %s', (_what, typeId, text, value) => {
  expect(getTypeParser(typeId)(text)).toEqual(value)
})
