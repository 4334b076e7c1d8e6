/** Object ids of PostgreSQL's built-in types (pg_type.dat) whose text is, or nearly is, JSON. */
const INT2 = 21
const INT4 = 23
const OID = 26
const FLOAT4 = 700
const FLOAT8 = 701
const BOOL = 16
const JSON_TYPE = 114
const JSONB = 3802
const TIMESTAMPTZ = 1184

/**
 * A cell, as PostgreSQL writes it, as JSON text. Numbers that JavaScript can't hold (bigint, numeric) become text, and
 * json stays as it is stored, digit for digit.
 */
export function cellAsJson(typeId: number, text: string): string {
  switch (typeId) {
    case INT2:
    case INT4:
    case OID:
    case JSON_TYPE:
    case JSONB:
      return text
    case FLOAT4:
    case FLOAT8:
      return /^-?[\d.]+(?:e[+-]?\d+)?$/i.test(text) ? text : JSON.stringify(text)
    case BOOL:
      return text === 't' ? 'true' : 'false'
    case TIMESTAMPTZ:
      return JSON.stringify(isoTime(text))
    default:
      return JSON.stringify(text)
  }
}

/** `2026-11-23 14:06:05.123+00` as ISO 8601 with its microseconds; years beyond four digits and infinities stay as they are. */
function isoTime(text: string): string {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)\+00$/.exec(text)
  return match === null ? text : `${match[1]}T${match[2]}Z`
}
