import { firstWords } from './cut-text'
import { MOST_DIGITS, parsePreciseJson } from './json-precise'

const MAX_DEPTH = 200

export type JsonReading =
  | { ok: true; value: unknown; text: string; hasBigIntegers: boolean }
  | { ok: false; kind: 'invalid_json' | 'wrong_content_type'; message: string }

/** Reads a response body as JSON: whole numbers a double can't hold come as bigint, a BOM is skipped, more than 200 levels are refused. */
export function parseJsonBody(body: string, contentType = ''): JsonReading {
  const text = body.charCodeAt(0) === 0xfeff ? body.slice(1) : body
  if (text.trim() === '') return { ok: false, kind: 'invalid_json', message: 'the body is empty where JSON was due' }
  try {
    const value: unknown = JSON.parse(text)
    switch (inspect(value, MAX_DEPTH)) {
      case 'too deep':
        return { ok: false, kind: 'invalid_json', message: `the JSON is nested deeper than ${MAX_DEPTH} levels` }
      case 'big numbers':
        return { ok: true, value: parsePreciseJson(text, MOST_DIGITS), text, hasBigIntegers: true }
      case 'plain':
        return { ok: true, value, text, hasBigIntegers: false }
    }
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, kind: 'invalid_json', message: error.message }
    return explainUnreadable(text, contentType, error)
  }
}

/** Begins each text of a JSON sequence (RFC 7464), which may have line breaks inside. */
const RECORD_SEPARATOR = '\x1e'

/** Reads newline-delimited JSON as the list of its lines; empty lines don't count, and an empty body is an empty list. */
export function parseNdjsonBody(body: string): JsonReading {
  const text = body.charCodeAt(0) === 0xfeff ? body.slice(1) : body
  const lines = text
    .split(text.startsWith(RECORD_SEPARATOR) ? RECORD_SEPARATOR : '\n')
    .filter((line) => line.trim() !== '')
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

const excerpt = (text: string): string => firstWords(text, 80)

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
  const reason = error instanceof Error ? error.message.replace(/, (?:\.\.\.)?".*$/s, '') : String(error)
  return { ok: false, kind: 'invalid_json', message: `the body is not JSON (${excerpt(reason)}): ${excerpt(text)}` }
}

type Finding = 'plain' | 'big numbers' | 'too deep'

/** JSON.parse stands any depth, but what walks the value afterwards does not; and it rounds integers beyond 2^53. */
function inspect(value: unknown, levels: number): Finding {
  if (typeof value === 'number') return Math.abs(value) > Number.MAX_SAFE_INTEGER ? 'big numbers' : 'plain'
  if (typeof value !== 'object' || value === null) return 'plain'
  if (levels === 0) return 'too deep'
  let finding: Finding = 'plain'
  if (Array.isArray(value)) {
    for (const item of value) {
      const found = inspect(item, levels - 1)
      if (found === 'too deep') return found
      if (found !== 'plain') finding = found
    }
    return finding
  }
  // An object of JSON.parse inherits nothing that this could list, and Object.values would make a list of each.
  for (const key in value) {
    const found = inspect((value as Record<string, unknown>)[key], levels - 1)
    if (found === 'too deep') return found
    if (found !== 'plain') finding = found
  }
  return finding
}
