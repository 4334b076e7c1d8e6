import { DomainError } from '../domain-error'
import type { HttpRequest } from '../http-message'
import type { Json } from '../json'
import { stringifyPreciseJson } from '../json-precise'
import { maskSecretText, resolveSecretText, SECRET_MASK } from '../playbook/template/secret-text'
import { buildUrl, fillPath, parameterText, readQuery, splitQuery } from './build-url'
import { isObject } from './item-path'
import { holdsSecret, type DraftBody, type RequestDraft } from './request-draft'

export type SendSettings = {
  secrets: ReadonlyMap<string, string>
  /** Origin the credentials were given for. */
  homeOrigin: string
  allowedOrigins: readonly string[]
  timeoutMs: number
  idleTimeoutMs: number
  maxResponseBytes: number
}

/** Headers that are credentials whatever is in them. */
export const CREDENTIAL_HEADERS: readonly string[] = ['authorization', 'proxy-authorization', 'cookie']

/** Puts secrets and parameters into a draft; away from the home origin everything that holds a secret stays behind. Throws DomainError. */
export function buildRequest(draft: RequestDraft, settings: SendSettings): HttpRequest {
  const secretHeaders = Object.keys(draft.headers).filter(
    (name) => CREDENTIAL_HEADERS.includes(name) || holdsSecret(draft.headers[name]),
  )
  const inUrl = secretsInUrl(draft.url)
  const secretParams = [...Object.keys(draft.params).filter((name) => holdsSecret(draft.params[name])), ...inUrl.params]
  const resolved = resolveDraft(draft, settings.secrets)
  const isHome = originOf(resolved.url) === settings.homeOrigin
  if (!isHome)
    refuseElsewhere({ origin: originOf(resolved.url), body: draft.body, isUrlFixed: inUrl.isFixed }, settings)
  const body = writeBody(resolved.body)
  const headers = textValues(isHome ? resolved.headers : without(resolved.headers, secretHeaders))
  return {
    method: draft.method,
    url: buildUrl(resolved.url, isHome ? resolved.params : emptied(resolved.params, secretParams), draft.path),
    headers: body === null ? headers : { ...contentType(draft.body), ...headers },
    body,
    timeoutMs: settings.timeoutMs,
    idleTimeoutMs: settings.idleTimeoutMs,
    maxResponseBytes: settings.maxResponseBytes,
    // A redirect may always lead back home.
    crossOrigin: isHome ? settings.allowedOrigins : [...settings.allowedOrigins, settings.homeOrigin],
    secretHeaders,
    secretParams,
    ...(body !== null && holdsSecret(draft.body) ? { secretBody: true } : {}),
  }
}

/** What can't be left behind on the way to another origin, and origins that nobody allowed. */
function refuseElsewhere(
  { origin, body, isUrlFixed }: { origin: string; body: DraftBody; isUrlFixed: boolean },
  { homeOrigin, allowedOrigins }: SendSettings,
): void {
  if (!allowedOrigins.includes(origin)) {
    throw new DomainError('forbidden', `the request would go to ${origin}, which \`cross_origin\` does not allow`)
  }
  if (holdsSecret(body)) {
    throw new DomainError('forbidden', `the body holds a secret given for ${homeOrigin} and would go to ${origin}`)
  }
  if (isUrlFixed) {
    throw new DomainError(
      'forbidden',
      `the path of the URL holds a secret given for ${homeOrigin} and would go to ${origin}`,
      { hint: 'give the secret as a header or as a parameter: those stay behind' },
    )
  }
}

/** The origin of a draft's URL, secrets put in: where its credentials are at home if it is the first. Throws DomainError for what is no http(s) URL. */
export const draftOrigin = (draft: RequestDraft, secrets: ReadonlyMap<string, string>): string =>
  originOf(checkedUrl(resolveSecretText(draft.url, secrets)))

/** True when a request goes without the credentials it would carry at home. */
export const losesCredentials = (
  draft: RequestDraft,
  { homeOrigin, secrets }: Pick<SendSettings, 'homeOrigin' | 'secrets'>,
): boolean =>
  draftOrigin(draft, secrets) !== homeOrigin &&
  (holdsSecret(draft.url) ||
    holdsSecret(draft.params) ||
    Object.keys(draft.headers).some((name) => CREDENTIAL_HEADERS.includes(name) || holdsSecret(draft.headers[name])))

export type DescribedRequest = { method: string; url: string; params: Json; headers: Json; body: Json }

/** A request as events and pages show it: secrets masked, the query taken apart. */
export function describeRequest(draft: RequestDraft): DescribedRequest {
  const { head, query } = splitQuery(String(maskSecretText(draft.url)))
  return {
    method: draft.method,
    url: fillPath(head, draft.path),
    params: toJson(maskSecretText({ ...readQuery(query), ...draft.params })),
    headers: toJson(maskSecretText(draft.headers)),
    body: toJson(maskSecretText(bodyValue(draft.body))),
  }
}

/** A value as JSON can hold it: big integers as text. */
export function toJson(value: unknown): Json {
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return value.map(toJson)
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toJson(member)]))
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}

type ResolvedDraft = { url: string; params: Record<string, unknown>; headers: Record<string, unknown>; body: DraftBody }

function resolveDraft(draft: RequestDraft, secrets: ReadonlyMap<string, string>): ResolvedDraft {
  const resolve = (value: unknown): unknown => (holdsSecret(value) ? resolveSecretText(value, secrets) : value)
  const resolveRecord = (record: Record<string, unknown>): Record<string, unknown> =>
    holdsSecret(record)
      ? Object.fromEntries(Object.entries(record).map(([key, value]) => [key, resolve(value)]))
      : record
  return {
    url: checkedUrl(resolve(draft.url)),
    params: resolveRecord(draft.params),
    headers: resolveRecord(draft.headers),
    body: resolveBody(draft.body, resolve),
  }
}

function resolveBody(body: DraftBody, resolve: (value: unknown) => unknown): DraftBody {
  switch (body.kind) {
    case 'none':
      return body
    case 'json':
      return { kind: 'json', value: resolve(body.value) }
    case 'form':
      return {
        kind: 'form',
        fields: Object.fromEntries(Object.entries(body.fields).map(([key, value]) => [key, resolve(value)])),
      }
    case 'text':
      return { kind: 'text', text: resolve(body.text) }
  }
}

function checkedUrl(url: unknown): string {
  if (typeof url === 'string' && /^https?:\/\//i.test(url) && URL.canParse(url)) return url
  throw new DomainError('invalid_playbook', 'the url is not an http(s) URL once its templates are filled in', {
    hint: 'write it with its scheme and host, for example https://api.example.com/items',
  })
}

function writeBody(body: DraftBody): string | null {
  switch (body.kind) {
    case 'none':
      return null
    case 'json':
      return stringifyPreciseJson(body.value)
    case 'form':
      return splitQuery(buildUrl('', body.fields, {})).query
    case 'text':
      return parameterText(body.text)
  }
}

function contentType(body: DraftBody): Record<string, string> {
  if (body.kind === 'json') return { 'content-type': 'application/json' }
  return body.kind === 'form' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}
}

function bodyValue(body: DraftBody): unknown {
  switch (body.kind) {
    case 'none':
      return null
    case 'json':
      return body.value
    case 'form':
      return body.fields
    case 'text':
      return body.text
  }
}

/** Parameters in a URL's own query that hold a secret; `isFixed`: one is in its path or in the name of a parameter, where it can't be left out. */
function secretsInUrl(url: unknown): { params: string[]; isFixed: boolean } {
  if (!holdsSecret(url)) return { params: [], isFixed: false }
  const { head, query } = splitQuery(String(maskSecretText(url)))
  const params = Object.entries(readQuery(query))
  return {
    params: params.flatMap(([name, value]) => (String(value).includes(SECRET_MASK) ? [name] : [])),
    isFixed: [head, ...params.map(([name]) => name)].some((text) => text.includes(SECRET_MASK)),
  }
}

let latest = { url: '', origin: '' }

/** Most pages of an element share the URL before its parameters, and to parse it takes as long as all else here. */
function originOf(url: string): string {
  if (url !== latest.url) latest = { url, origin: new URL(url).origin }
  return latest.origin
}

const textValues = (record: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, parameterText(value)]))

/** Parameters without values: they are sent no more, and taken out of the URL's own query as well. */
const emptied = (params: Record<string, unknown>, names: readonly string[]): Record<string, unknown> => ({
  ...params,
  ...Object.fromEntries(names.map((name) => [name, []])),
})

const without = (record: Record<string, unknown>, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))
