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
  const { depth, hasLongNumber } = surveyJson(text)
  if (depth > MAX_DEPTH) {
    return { ok: false, kind: 'invalid_json', message: `the JSON is nested deeper than ${MAX_DEPTH} levels` }
  }
  try {
    const value: unknown = JSON.parse(text)
    if (!hasLongNumber) return { ok: true, value, text, hasBigIntegers: false }
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
export function excerpt(text: string): string {
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

/** One pass: how deep the brackets go, and whether a number outside strings has 16 digits or more in a row. */
function surveyJson(text: string): { depth: number; hasLongNumber: boolean } {
  let level = 0
  let depth = 0
  let digits = 0
  let hasLongNumber = false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c >= 48 && c <= 57) {
      if (++digits === 16) hasLongNumber = true
      continue
    }
    digits = 0
    if (c === 34) i = endOfString(text, i)
    else if (c === 123 || c === 91) depth = Math.max(depth, ++level)
    else if (c === 125 || c === 93) level--
  }
  return { depth, hasLongNumber }
}
