import type { HttpRequest } from '../http-message'

/** Whose token is wanted, from where: client credentials with every secret filled in. Never stored. */
export type TokenRequest = {
  url: string
  clientId: string
  clientSecret: string
  scope: string | null
  audience: string | null
}

/** How the client names itself: RFC 6749, 2.3.1 wants every server to take `basic`; some take only `body`. */
export type ClientAuth = 'basic' | 'body'

const TIMEOUT_MS = 30_000
const MAX_RESPONSE_BYTES = 1024 * 1024

/** The request of RFC 6749, 4.4.2. It goes to its own origin and to no other. */
export function tokenHttpRequest(request: TokenRequest, clientAuth: ClientAuth): HttpRequest {
  const { url, clientId, clientSecret, scope, audience } = request
  const form = new URLSearchParams({ grant_type: 'client_credentials' })
  if (scope !== null) form.set('scope', scope)
  if (audience !== null) form.set('audience', audience)
  if (clientAuth === 'body') {
    form.set('client_id', clientId)
    form.set('client_secret', clientSecret)
  }
  return {
    method: 'POST',
    url,
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(clientAuth === 'basic'
        ? { authorization: `Basic ${btoa(`${encoded(clientId)}:${encoded(clientSecret)}`)}` }
        : {}),
    },
    body: form.toString(),
    timeoutMs: TIMEOUT_MS,
    idleTimeoutMs: TIMEOUT_MS,
    maxResponseBytes: MAX_RESPONSE_BYTES,
    crossOrigin: [],
    secretHeaders: ['authorization'],
    secretParams: [],
    secretBody: true,
  }
}

/** RFC 6749, 2.3.1: both are form-encoded before they are joined. */
const encoded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1)
