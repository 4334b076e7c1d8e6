import type { HttpResponse } from '../http-message'
import { parseJsonBody, parseNdjsonBody, type JsonReading } from '../json-body'
import type { HttpStep } from '../playbook/playbook'
import { PageFault } from './page-fault'

/** `text` is JSON as it is stored; null for an answer that has no body by its status or to HEAD. */
export type BodyReading = { value: unknown; text: string | null; hasBigIntegers: boolean }

export const NO_BODY: BodyReading = { value: null, text: null, hasBigIntegers: false }

/** Reads a body the way the step's `response` says, or by its content type. Throws `invalid_json`, `wrong_content_type`. */
export function readResponseBody(response: HttpResponse, format: HttpStep['response'], page: number): BodyReading {
  if (response.status === 204 || response.status === 205) return NO_BODY
  if (format === 'text') return { value: response.text, text: JSON.stringify(response.text), hasBigIntegers: false }
  const type = response.headers['content-type'] ?? ''
  const reading = isNdjson(format, type) ? parseNdjsonBody(response.text) : parseJsonBody(response.text, type)
  if (reading.ok) return reading
  throw unreadable(reading, response, page)
}

const isNdjson = (format: HttpStep['response'], type: string): boolean =>
  format === 'ndjson' ||
  (format === 'auto' && /\b(?:x-)?(?:ndjson|jsonlines|jsonl|json-seq|stream\+json)\b/i.test(type))

function unreadable(reading: Extract<JsonReading, { ok: false }>, response: HttpResponse, page: number): PageFault {
  const hint =
    reading.kind === 'wrong_content_type'
      ? 'a login page, a proxy or a wrong path often answers so; open the URL, or set `response: text` if text is what you want'
      : 'look at the body of the page; set `response: text` or `ndjson` if it is not JSON by design'
  return new PageFault(reading.kind, `page ${page} answered ${response.status}, but ${reading.message}`, hint)
}
