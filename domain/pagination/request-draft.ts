import type { HttpMethod } from '../http-message'

/** A value on its way into a request: secrets are still markers. */
export type DraftBody =
  | { kind: 'none' }
  | { kind: 'json'; value: unknown }
  | { kind: 'form'; fields: Record<string, unknown> }
  | { kind: 'text'; text: unknown }

/** A request whose templates are evaluated and whose secrets are not: this is what may be shown and stored. */
export type RequestDraft = {
  method: HttpMethod
  url: unknown
  params: Record<string, unknown>
  headers: Record<string, unknown>
  body: DraftBody
}

/** What changes from the step's first request to a later one: small, and all the checkpoint needs of a request. */
export type RequestPatch = {
  method?: HttpMethod
  url?: unknown
  /** Parameters set on top; `null` takes one away. */
  params?: Record<string, unknown>
  /** True after a next URL: its query stands in place of the parameters sent so far. */
  replacesParams?: boolean
  headers?: Record<string, unknown>
  json?: unknown
  form?: Record<string, unknown>
  text?: unknown
  /** Values for `{name}` in the URL's path (`in: path`). */
  path?: Record<string, string>
}
