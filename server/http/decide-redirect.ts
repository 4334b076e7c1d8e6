import type { HttpMethod, HttpRequest, NoResponseKind } from '@/domain/http-message'

const MAX_REDIRECTS = 5
const REDIRECTS = new Set([301, 302, 303, 307, 308])
const CREDENTIAL_HEADERS = ['authorization', 'cookie', 'proxy-authorization']

type RedirectDecision =
  | { do: 'return' }
  | { do: 'follow'; request: HttpRequest; credentialsStripped: boolean }
  | { do: 'refuse'; failure: NoResponseKind; code: string; message: string }

/** Shorter ones are parts of other words. */
const MIN_SECRET = 4

/** The secrets of a request, as far as a server may write them into a Location. */
export function secretsSent({ url, headers, secretHeaders, secretParams }: HttpRequest): string[] {
  const names = new Set([...CREDENTIAL_HEADERS, ...secretHeaders])
  const ofHeaders = Object.entries(headers).flatMap(([name, value]) =>
    names.has(name.toLowerCase()) ? [value, value.slice(value.indexOf(' ') + 1)] : [],
  )
  const ofParams = secretParams.flatMap((name) => new URL(url).searchParams.getAll(name))
  return [...new Set([...ofHeaders, ...ofParams])].filter((secret) => secret.length >= MIN_SECRET)
}

/** What to do with an answer: return it, follow where it points, or refuse to. `firstOrigin` is the one the credentials were given for. */
export function decideRedirect(hop: {
  request: HttpRequest
  status: number
  location: string | undefined
  firstOrigin: string
  /** How many redirects led here. */
  hops: number
  /** `secretsSent` of the first request. */
  secrets: readonly string[]
}): RedirectDecision {
  const { request, status, location, firstOrigin, hops, secrets } = hop
  if (!REDIRECTS.has(status) || location === undefined) return { do: 'return' }

  const from = new URL(request.url)
  const target = resolveLocation(location, from)
  if (!target)
    return refuse('decode', 'BAD_LOCATION', `${from.origin} answered ${status} with a Location that is no URL`)
  if (target.protocol !== 'http:' && target.protocol !== 'https:') {
    return refuse(
      'cross_origin_denied',
      'REDIRECT_SCHEME',
      `${from.origin} redirects to a ${target.protocol} address; only http: and https: are followed`,
    )
  }
  if (hops >= MAX_REDIRECTS)
    return refuse(
      'redirect_limit',
      'REDIRECT_LIMIT',
      `more than ${MAX_REDIRECTS} redirects, the last one from ${from.origin}${from.pathname}`,
    )

  const elsewhere = target.origin !== firstOrigin
  if (elsewhere && !allowedOrigins(request).has(target.origin)) {
    return refuse(
      'cross_origin_denied',
      'CROSS_ORIGIN_REDIRECT',
      `${from.origin} redirects to ${target.origin}; add it to cross_origin if that is right`,
    )
  }
  return follow(request, status, { target, elsewhere, secrets })
}

function follow(
  request: HttpRequest,
  status: number,
  { target, elsewhere, secrets }: { target: URL; elsewhere: boolean; secrets: readonly string[] },
): RedirectDecision {
  const method = methodAfter(status, request.method)
  const keepsBody = method === request.method
  const body = keepsBody ? request.body : null
  if (elsewhere && body !== null && request.secretBody === true) {
    return refuse(
      'cross_origin_denied',
      'SECRET_BODY_REDIRECT',
      `${target.origin} is another origin and the request body holds a secret`,
    )
  }
  const dropped = new Set(elsewhere ? [...CREDENTIAL_HEADERS, ...request.secretHeaders] : [])
  const headers = Object.entries(request.headers).filter(([name]) => keepsBody || !/^content-/i.test(name))
  const kept = headers.filter(([name]) => !dropped.has(name.toLowerCase()))
  const paramsStripped = elsewhere && dropParams(target, request.secretParams, secrets)
  if (elsewhere && holdsAny(readable(target.href), secrets)) {
    return refuse(
      'cross_origin_denied',
      'SECRET_URL_REDIRECT',
      `${target.origin} is another origin, and the address that the API leads to there holds a secret`,
    )
  }
  return {
    do: 'follow',
    request: { ...request, method, url: target.href, headers: Object.fromEntries(kept), body },
    credentialsStripped: kept.length < headers.length || paramsStripped,
  }
}

/** RFC 9110, 15.4: 303 asks for a GET; 301 and 302 turn a POST into one, as every client does; 307 and 308 change nothing. */
function methodAfter(status: number, method: HttpMethod): HttpMethod {
  if (status === 303) return method === 'HEAD' ? 'HEAD' : 'GET'
  return (status === 301 || status === 302) && method === 'POST' ? 'GET' : method
}

/** A user name in a Location is the server's idea, not ours: it is not sent. The fragment never is. */
function resolveLocation(location: string, from: URL): URL | null {
  try {
    const url = new URL(location, from)
    url.username = ''
    url.password = ''
    url.hash = ''
    return url
  } catch {
    return null
  }
}

function allowedOrigins(request: HttpRequest): ReadonlySet<string> {
  return new Set(request.crossOrigin.map((entry) => (URL.canParse(entry) ? new URL(entry).origin : entry)))
}

/** By name, and by a value that the API gave back under another one. */
function dropParams(url: URL, names: readonly string[], secrets: readonly string[]): boolean {
  const holding = [...url.searchParams].flatMap(([name, value]) => (holdsAny(value, secrets) ? [name] : []))
  const present = [...new Set([...names, ...holding])].filter((name) => url.searchParams.has(name))
  for (const name of present) url.searchParams.delete(name)
  return present.length > 0
}

const holdsAny = (text: string, secrets: readonly string[]): boolean => secrets.some((secret) => text.includes(secret))

/** The text of a URL without its escapes; what can't be read stays as it is. */
const readable = (text: string): string =>
  text.replaceAll(/(?:%[\da-f]{2})+/gi, (escaped) => {
    try {
      return decodeURIComponent(escaped)
    } catch {
      return escaped
    }
  })

const refuse = (failure: NoResponseKind, code: string, message: string): RedirectDecision => ({
  do: 'refuse',
  failure,
  code,
  message,
})
