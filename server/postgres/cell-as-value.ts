import pg from 'pg'
import { parseJsonBody } from '@/domain/json-body'

const {
  BOOL,
  BYTEA,
  INT2,
  INT4,
  INT8,
  OID,
  NUMERIC,
  FLOAT4,
  FLOAT8,
  DATE,
  TIMESTAMP,
  TIMESTAMPTZ,
  INTERVAL,
  JSON,
  JSONB,
} = pg.types.builtins

type Reading = (text: string) => unknown

const asText: Reading = (text) => text
const asNumber: Reading = (text) => (Number.isFinite(Number(text)) ? Number(text) : text)
const asJson: Reading = (text) => {
  const read = parseJsonBody(text)
  return read.ok ? read.value : text
}

/**
 * By type, what a template can use and a later statement takes back for the same: pg itself gives every bigint as a text,
 * times cut to milliseconds and, without a zone, shifted by that of this machine, and null for what is infinite.
 */
const READINGS: ReadonlyMap<number, Reading> = new Map<number, Reading>([
  [BOOL, (text) => text === 't'],
  [INT2, asNumber],
  [INT4, asNumber],
  [OID, asNumber],
  [INT8, wholeNumber],
  [NUMERIC, wholeNumber],
  [FLOAT4, asNumber],
  [FLOAT8, asNumber],
  [DATE, asText],
  [TIMESTAMP, (text) => text.replace(/^(\d{4}-\d\d-\d\d) (?=\d\d:)/, '$1T')],
  [TIMESTAMPTZ, inUtc],
  [INTERVAL, asText],
  [BYTEA, asText],
  [JSON, asJson],
  [JSONB, asJson],
])

/** Lists of them, by the object ids of pg_type.dat. */
const ELEMENTS: ReadonlyMap<number, number> = new Map([
  [1000, BOOL],
  [1001, BYTEA],
  [1005, INT2],
  [1007, INT4],
  [1016, INT8],
  [1021, FLOAT4],
  [1022, FLOAT8],
  [1028, OID],
  [1115, TIMESTAMP],
  [1182, DATE],
  [1185, TIMESTAMPTZ],
  [1187, INTERVAL],
  [1231, NUMERIC],
  [199, JSON],
  [3807, JSONB],
])

const TEXT_LIST: number = 1009

/** How the cells of a type are read; types that are not ours to know are read as pg does. For `types` of a query. */
export function getTypeParser(typeId: number, format?: 'text' | 'binary'): Reading {
  const reading = READINGS.get(typeId)
  if (reading !== undefined) return reading
  const element = READINGS.get(ELEMENTS.get(typeId) ?? 0)
  if (element !== undefined) return (text) => each(pg.types.getTypeParser(TEXT_LIST)(text), element)
  return pg.types.getTypeParser(typeId, format)
}

function each(value: unknown, reading: Reading): unknown {
  if (Array.isArray(value)) return value.map((item) => each(item, reading))
  return typeof value === 'string' ? reading(value) : value
}

/** A number where it is a whole one; with a point it stays text, digit for digit and as many of them. */
function wholeNumber(text: string): unknown {
  if (!/^-?\d+$/.test(text)) return text
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : BigInt(text)
}

/** ISO 8601 in UTC with its microseconds, whatever the session's zone; years beyond four digits and infinities stay as they are. */
function inUtc(text: string): string {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)?([+-]\d\d)(?::?(\d\d))?$/.exec(text)
  if (match === null) return text
  const [, day, time, fraction = '', hours, minutes = '00'] = match
  const at = new Date(`${day}T${time}${hours}:${minutes}`)
  return `${at.toISOString().slice(0, -'.000Z'.length)}${fraction}Z`
}
