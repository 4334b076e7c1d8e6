import type { JsonObject } from '../json'
import type { ElementState } from './element-state'
import type { ErrorFacts, NewEvent } from './events'

/** One page on its way into `noetl.page`; the request in it holds markers for secrets, and the writer redacts it once more. */
export type PageRecord = {
  page: number
  request: JsonObject
  status: number
  responseHeaders: Record<string, string>
  timing: JsonObject
  startedAt: Date
  durationMs: number
  bytes: number
  itemCount: number
  /** Items of the page before that this page takes the place of (`collect: {strategy: replace}`); 0 otherwise. */
  replacedItems: number
  /** JSON text: the body as it came (NDJSON as an array of its lines, text as a JSON string); null for an empty answer. */
  body: string | null
  /** Where in `body` the items are; [] is the whole body. Not meaningful when `items` is set. */
  itemsPath: string[]
  /** JSON text of the items when they aren't simply at `itemsPath`. */
  items: string | null
  next: JsonObject
  fingerprints: string[]
  attempt: number
}

/** One failed try on its way into `noetl.attempt`. */
export type AttemptRecord = {
  page: number
  attempt: number
  request: JsonObject
  status: number | null
  responseHeaders: Record<string, string> | null
  /** What came back; it is cut when it is stored, after its secrets were masked. */
  bodyText: string | null
  error: ErrorFacts
  delayMs: number | null
  startedAt: Date
  durationMs: number
}

/** What one outcome leads to: the next state, and what is to be stored with it. */
export type ElementStep = {
  state: ElementState
  events: NewEvent[]
  page: PageRecord | null
  attempt: AttemptRecord | null
}
