import { env } from './env'
import { problemResponse } from './problem'

const LOCAL_NAMES = ['127.0.0.1', 'localhost', '[::1]']
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])
const OWN_SITES: ReadonlySet<string> = new Set(['same-origin', 'none'])
const CONTENT_TYPES: ReadonlySet<string> = new Set([
  'application/json',
  'text/yaml',
  'text/x-yaml',
  'application/yaml',
  'application/x-yaml',
])

/**
 * Null when the request may go on, or the refusal. security.md "The web": the Host is checked on every request, because
 * a name that is made to point here (rebinding) makes a stranger's page same-origin with us; Origin, Sec-Fetch-Site and
 * the content type on every change.
 */
export function guardRequest(request: Request): Response | null {
  if (isWebhookCall(request)) return null
  return guardHost(request) ?? (READING.has(request.method) ? null : guardChange(request))
}

/**
 * A call of a webhook comes from anywhere and carries its own proof, the token: a browser that is tricked into one has
 * none to add, so neither name nor origin has anything to protect.
 */
const isWebhookCall = (request: Request): boolean =>
  request.method === 'POST' && /^\/api\/hooks\/[A-Za-z0-9_-]+$/.test(new URL(request.url).pathname)

/** The media type of a request's body, lower case and without parameters. */
export function mediaTypeOf(request: Request): string {
  return (request.headers.get('content-type')?.split(';')[0] ?? '').trim().toLowerCase()
}

function guardHost(request: Request): Response | null {
  const host = request.headers.get('host')?.toLowerCase() ?? ''
  if (allowedHosts().includes(host)) return null
  return problemResponse({
    code: 'forbidden',
    detail: `The Host "${host}" is not one this server answers to.`,
    hint: `Use http://localhost:${env.PAGETURNER_PORT}; behind a reverse proxy, set PAGETURNER_PUBLIC_URL to its address.`,
  })
}

function guardChange(request: Request): Response | null {
  const origin = request.headers.get('origin')
  if (origin !== null && !isOwnOrigin(origin)) {
    return problemResponse({ code: 'forbidden', detail: `Changes from the origin "${origin}" are not accepted.` })
  }
  const site = request.headers.get('sec-fetch-site')
  if (site !== null && !OWN_SITES.has(site)) {
    return problemResponse({ code: 'forbidden', detail: `Changes from another site (${site}) are not accepted.` })
  }
  const type = mediaTypeOf(request)
  const bodiless = request.method === 'DELETE' && type === ''
  if (bodiless || CONTENT_TYPES.has(type)) return null
  return problemResponse({
    code: 'unsupported_media_type',
    detail: `The content type ${type === '' ? 'is missing' : `"${type}" is not accepted`}.`,
    hint: 'Send application/json, or text/yaml where a playbook is expected.',
    headers: { accept: 'application/json, text/yaml' },
  })
}

function allowedHosts(): string[] {
  const behind = publicUrl()
  return behind === null ? localHosts() : [...localHosts(), behind.host]
}

const publicUrl = (): URL | null =>
  env.PAGETURNER_PUBLIC_URL === undefined ? null : new URL(env.PAGETURNER_PUBLIC_URL)

function localHosts(): string[] {
  const own = env.PAGETURNER_HOST.includes(':') ? `[${env.PAGETURNER_HOST}]` : env.PAGETURNER_HOST
  return [...LOCAL_NAMES, own.toLowerCase()].map((name) => `${name}:${env.PAGETURNER_PORT}`)
}

/** Behind a proxy only the scheme that was named: what is served over https must not be changed from http. */
const isOwnOrigin = (origin: string): boolean =>
  origin === publicUrl()?.origin ||
  localHosts().some((host) => origin === `http://${host}` || origin === `https://${host}`)
