export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type HttpMethod = (typeof HTTP_METHODS)[number]

/** A request ready to be sent: secrets resolved, query merged into the URL. Never stored as it is. */
export type HttpRequest = {
  method: HttpMethod
  url: string
  headers: Record<string, string>
  body: string | null
  timeoutMs: number
  idleTimeoutMs: number
  maxResponseBytes: number
  /** Origins besides the request's own that a redirect may lead to (`cross_origin`). */
  crossOrigin: readonly string[]
  /** Names of headers (lower case) and query parameters that hold a secret: dropped on another origin. */
  secretHeaders: readonly string[]
  secretParams: readonly string[]
  /** True when the body holds a secret: a redirect that would carry it to another origin is then refused. */
  secretBody?: boolean
}

export type HttpTiming = { dnsMs: number; connectMs: number; tlsMs: number; waitMs: number; bodyMs: number }

export type HttpResponse = {
  status: number
  /** Lower-case names; repeated headers joined with ", " (Set-Cookie left out). */
  headers: Record<string, string>
  /** Decoded by charset, BOM removed, otherwise as it came. */
  text: string
  /** The bytes of `text`, where it came as UTF-8: to store it, it need not be encoded again. */
  utf8?: Uint8Array
  /** Decompressed bytes. */
  bytes: number
  /** Why `text` is not all of the body, of an answer whose status counts all the same: it was too large, broke off, could not be read. */
  bodyFault?: string
  /** Where it came from after redirects. */
  url: string
  /** True when a redirect to another origin cost the request its credentials. */
  credentialsStripped: boolean
}

export type NoResponseKind =
  | 'network'
  | 'timeout'
  | 'response_too_large'
  | 'redirect_limit'
  | 'cross_origin_denied'
  | 'address_denied'
  /** The request can't be sent as it is: not an http(s) URL, a forbidden header, a line break in a header. Trying again is no use. */
  | 'invalid_request'
  | 'decode'
  /** Nothing was sent: the access token it needs could not be had just now, or was refused. */
  | 'token_unavailable'
  | 'token_refused'
  /** Nothing was sent: the API lets no request pass for longer than `max_wait`. */
  | 'wait_too_long'
  | 'aborted'

/** A wait that a server asks for, and in which words. */
export type AskedWait = { delayMs: number; reason: string }

/** What sending gave: a response of any status, or none. Network failures are values, not exceptions. */
export type HttpOutcome = {
  startedAt: Date
  durationMs: number
  /** Requests besides the first that the same origin got for it: after redirects, or with a new access token. */
  alsoSent?: number
} & (
  | { kind: 'response'; response: HttpResponse; timing: HttpTiming }
  | {
      kind: 'none'
      failure: NoResponseKind
      code: string
      message: string
      /** What somebody else asked for, who kept the request from being sent: the token endpoint. */
      askedWait?: AskedWait
    }
)
