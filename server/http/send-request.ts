import type { HttpOutcome, HttpRequest, HttpTiming } from '@/domain/http-message'
import { ACCEPT_ENCODING } from './decompress'
import { checkRequest } from './check-request'
import { createConnectionPool, type ConnectionPool } from './connection-pool'
import { decideRedirect, secretsSent } from './decide-redirect'
import { exchange, type WireFailure, type WireOutcome } from './exchange'
import { guardFromEnv } from './guard-from-env'
import { headerText } from './header-text'
import { readResponse } from './read-response'

type Sending = { signal: AbortSignal }

let ownPool: ConnectionPool | undefined

/**
 * Sends one request through the outbound connector of security.md, "The network", and follows its redirects.
 * Never throws for what the network or the API does, never tries again; `idleTimeoutMs` counts between parts of the body.
 */
export function sendRequest(request: HttpRequest, sending: Sending): Promise<HttpOutcome> {
  ownPool ??= createConnectionPool({ guard: guardFromEnv(), ca: null })
  return sendOver(ownPool, request, sending)
}

/** `sendRequest` over a given pool of connections. */
export async function sendOver(pool: ConnectionPool, request: HttpRequest, sending: Sending): Promise<HttpOutcome> {
  const startedAt = new Date()
  const started = performance.now()
  let alsoSent = 0
  const none = ({ failure, code, message }: Omit<WireFailure, 'kind'>): HttpOutcome => ({
    kind: 'none',
    failure,
    code,
    message,
    startedAt,
    durationMs: performance.now() - started,
    ...(alsoSent > 0 && { alsoSent }),
  })

  const checked = checkRequest(request)
  if ('problem' in checked)
    return none({ failure: 'invalid_request', code: 'INVALID_REQUEST', message: checked.problem })

  const firstOrigin = checked.url.origin
  const deadline = started + request.timeoutMs
  const timing: HttpTiming = { dnsMs: 0, connectMs: 0, tlsMs: 0, waitMs: 0, bodyMs: 0 }
  let current = request
  let url = checked.url
  let credentialsStripped = false

  for (let hops = 0; ; hops += 1) {
    const outcome = await sendHop(pool, { request: current, url, deadline, signal: sending.signal })
    if (outcome.kind === 'none') return none(outcome)
    addTiming(timing, outcome.timing)

    const [location] = [outcome.headers['location']].flat()
    const decision = decideRedirect({
      request: current,
      status: outcome.status,
      location: location === undefined ? undefined : headerText(location),
      firstOrigin,
      hops,
      secrets: location === undefined ? [] : secretsSent(request),
    })
    if (decision.do === 'refuse') return none(decision)
    if (decision.do === 'return') {
      const read = await readResponse(outcome, {
        url: current.url,
        maxBytes: request.maxResponseBytes,
        credentialsStripped,
      })
      if (read.kind === 'none') return none(read)
      const durationMs = performance.now() - started
      return {
        kind: 'response',
        response: read.response,
        startedAt,
        durationMs,
        timing,
        ...(alsoSent > 0 && { alsoSent }),
      }
    }
    current = decision.request
    url = new URL(current.url)
    if (url.origin === firstOrigin) alsoSent += 1
    credentialsStripped ||= decision.credentialsStripped
  }
}

function sendHop(
  pool: ConnectionPool,
  hop: { request: HttpRequest; url: URL; deadline: number; signal: AbortSignal },
): Promise<WireOutcome> {
  const { request, url, deadline, signal } = hop
  return exchange(pool, {
    origin: url.origin,
    path: url.pathname + url.search,
    method: request.method,
    headers: withDefaults(request.headers),
    body: request.body,
    deadline,
    timeoutMs: request.timeoutMs,
    idleTimeoutMs: request.idleTimeoutMs,
    maxBytes: request.maxResponseBytes,
    signal,
  })
}

const DEFAULT_HEADERS: Readonly<Record<string, string>> = {
  'user-agent': 'Pageturner',
  accept: 'application/json, */*;q=0.8',
  'accept-encoding': ACCEPT_ENCODING,
}

function withDefaults(headers: Record<string, string>): Record<string, string> {
  const result = { ...headers }
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()))
  for (const [name, value] of Object.entries(DEFAULT_HEADERS)) if (!given.has(name)) result[name] = value
  return result
}

function addTiming(sum: HttpTiming, hop: HttpTiming): void {
  sum.dnsMs += hop.dnsMs
  sum.connectMs += hop.connectMs
  sum.tlsMs += hop.tlsMs
  sum.waitMs += hop.waitMs
  sum.bodyMs += hop.bodyMs
}
