import type { HttpRequest } from '@/domain/http-message'

/** Headers that frame the message or the connection: set by the connector alone (security.md). */
const FORBIDDEN = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'proxy-connection',
  'upgrade',
  'expect',
  'te',
  'trailer',
])
/** RFC 9110, 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** RFC 9110, 5.5, with obs-text: what an HTTP/1.1 header can carry. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/** Why a request can't be sent as it is, or its parsed URL. Header values and the URL's query are never repeated in a message. */
export function checkRequest(request: HttpRequest): { url: URL } | { problem: string } {
  const url = parseUrl(request.url)
  if (!url) return { problem: 'the URL is not a complete http:// or https:// address' }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return { problem: `the URL begins with ${url.protocol} but only http: and https: can be requested` }
  if (url.username !== '' || url.password !== '')
    return { problem: `the URL of ${url.origin} holds a user name or password; give them as auth: {type: basic}` }
  for (const [name, value] of Object.entries(request.headers)) {
    const problem = headerProblem(name, value)
    if (problem) return { problem }
  }
  return { url }
}

function headerProblem(name: string, value: string): string | null {
  if (!TOKEN.test(name)) return `${JSON.stringify(name)} is not a header name`
  if (FORBIDDEN.has(name.toLowerCase()))
    return `the header ${name} can't be set: it is made from the URL, the body and the connection`
  if (/[\r\n]/.test(value)) return `the value of the header ${name} holds a line break`
  return FIELD_VALUE.test(value) ? null : `the value of the header ${name} holds a character that a header can't carry`
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}
