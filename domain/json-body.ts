import { parsePreciseJson } from './json-precise'
import { endOfString } from './json-string'

const MAX_DEPTH = 200

export type JsonReading =
  | { ok: true; value: unknown; text: string; hasBigIntegers: boolean }
  | { ok: false; kind: 'invalid_json' | 'wrong_content_type'; message: string }

/** Reads a response body as JSON: integers a double can't hold come as bigint, a BOM is skipped, more than 200 levels are refused. */
export function parseJsonBody(body: string, contentType = ''): JsonReading {
  const text = body.charCodeAt(0) === 0xfeff ? body.slice(1) : body
  if (text.trim() === '') return { ok: false, kind: 'invalid_json', message: 'the body is empty where JSON was due' }
  try {
    const value: unknown = JSON.parse(text)
    if (isDeeperThan(value, MAX_DEPTH)) {
      return { ok: false, kind: 'invalid_json', message: `the JSON is nested deeper than ${MAX_DEPTH} levels` }
    }
    if (!hasLongNumber(text)) return { ok: true, value, text, hasBigIntegers: false }
    return { ok: true, value: parsePreciseJson(text), text, hasBigIntegers: true }
  } catch (error) {
    return explainUnreadable(text, contentType, error)
  }
}

/** Reads newline-delimited JSON as the list of its lines; empty lines don't count, and an empty body is an empty list. */
export function parseNdjsonBody(body: string): JsonReading {
  const text = body.charCodeAt(0) === 0xfeff ? body.slice(1) : body
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const values: unknown[] = []
  let hasBigIntegers = false
  for (const [index, line] of lines.entries()) {
    const reading = parseJsonBody(line)
    if (!reading.ok) return { ...reading, message: `line ${index + 1} of the NDJSON: ${reading.message}` }
    values.push(reading.value)
    hasBigIntegers ||= reading.hasBigIntegers
  }
  return { ok: true, value: values, text: `[${lines.join(',')}]`, hasBigIntegers }
}

/** The first 80 characters of a body, on one line. */
function excerpt(text: string): string {
  const line = text.slice(0, 400).replaceAll(/\s+/g, ' ').trim()
  return line.length > 80 ? `${line.slice(0, 80)}…` : line
}

function explainUnreadable(text: string, contentType: string, error: unknown): JsonReading {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase()
  if (type === 'text/html' || /^\s*(?:<!doctype html|<html)/i.test(text)) {
    return {
      ok: false,
      kind: 'wrong_content_type',
      message: `HTML came where JSON was due (content type ${type === '' ? 'not given' : type}): ${excerpt(text)}`,
    }
  }
  const isOtherType =
    type !== '' && !type.includes('json') && type !== 'text/plain' && type !== 'application/octet-stream'
  if (isOtherType) {
    return { ok: false, kind: 'wrong_content_type', message: `${type} came where JSON was due: ${excerpt(text)}` }
  }
  const reason = error instanceof Error ? error.message.replace(/, ".*$/s, '') : String(error)
  return { ok: false, kind: 'invalid_json', message: `the body is not JSON (${excerpt(reason)}): ${excerpt(text)}` }
}

/** JSON.parse stands any depth, but what walks the value afterwards does not. */
function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object' && isDeeperThan(item, levels - 1)) return true
    return false
  }
  for (const member of Object.values(value)) {
    if (typeof member === 'object' && isDeeperThan(member, levels - 1)) return true
  }
  return false
}

const MAYBE_LONG_NUMBER = /(?:^|[[:,\s])-?\d{16}/

/** Whether a number outside texts has 16 digits or more in a row. The pattern rules most bodies out at once. */
function hasLongNumber(text: string): boolean {
  if (!MAYBE_LONG_NUMBER.test(text)) return false
  let digits = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 34) i = endOfString(text, i)
    digits = c >= 48 && c <= 57 ? digits + 1 : 0
    if (digits === 16) return true
  }
  return false
}
