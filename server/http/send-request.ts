import type { HttpOutcome, HttpRequest } from '@/domain/http-message'

/** Sends one request through the outbound connector of security.md, "The network". Never throws for what the network or the API does. */
export async function sendRequest(request: HttpRequest, options: { signal: AbortSignal }): Promise<HttpOutcome> {
  throw new Error(`not sent yet: ${request.method} ${options.signal.aborted}`)
}
