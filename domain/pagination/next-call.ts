import { HTTP_METHODS, type HttpMethod, type HttpResponse } from '../http-message'
import type { NextCall } from '../playbook/pagination-plan'
import type { Budget } from '../playbook/template/budget'
import { renderDeep, type Scope } from '../playbook/template/evaluate-template'
import {
  isSecretText,
  joinText,
  maskSecretText,
  resolveSecretText,
  secretText,
  type SecretText,
} from '../playbook/template/secret-text'
import { readQuery, splitQuery } from './build-url'
import { isObject } from './item-path'
import type { NextToken } from './next-token'
import { resolveNextUrl } from './next-url'
import { PageFault } from './page-fault'
import type { Paginator } from './paginator'
import { placeToken } from './place-token'
import { remarkSecrets } from './remark-secrets'
import { applyPatch, holdsSecret, mergePatches, type RequestDraft, type RequestPatch } from './request-draft'

type CallPlan = {
  paginator: Paginator
  first: RequestDraft
  homeOrigin: string
  allowedOrigins: readonly string[]
  secrets: ReadonlyMap<string, string>
}

/** `change` is what is new against the request before; `patch` is against the first request. */
export type PlannedCall = { token: number | string | null; patch: RequestPatch; change: RequestPatch }

/** The request after a page: the one before with the token put in, the next URL in its place, or `next_call` merged in. Throws PageFault, TemplateError. */
export function planNextCall(
  plan: CallPlan,
  asked: { page: number; patch: RequestPatch },
  input: { next: NextToken | PageFault; scope: Scope; budget: Budget; response: HttpResponse },
): PlannedCall {
  const { source, place } = plan.paginator
  const { next } = input
  if (source.type === 'while') {
    const before = applyPatch(plan.first, asked.patch)
    const change = renderNextCall(plan, source.nextCall, { ...input, page: asked.page, before })
    return { token: null, change, patch: mergePatches(asked.patch, change) }
  }
  if (next instanceof PageFault) throw next
  if (next.kind === 'url') {
    const url = nextUrl(plan, next.reference, { response: input.response, page: asked.page })
    const change: RequestPatch = { url, replacesParams: true }
    return { token: null, change, patch: mergePatches(asked.patch, change) }
  }
  if (next.kind === 'none' || !('param' in source)) return { token: null, change: {}, patch: asked.patch }
  const token = tokenOf(next.value)
  // A path is text alone, which can hold no marker: what is stored of it is masked, and a checkpoint that holds it sealed.
  const value =
    typeof next.value === 'string' && place !== 'path' ? remarkSecrets(next.value, plan.secrets) : next.value
  const change = placeToken(place, source.param, value)
  return { token, change, patch: mergePatches(asked.patch, change) }
}

/** A token as a checkpoint can hold it; an integer beyond 2^53 as its digits. */
function tokenOf(value: unknown): number | string | null {
  if (typeof value === 'bigint') return String(value)
  return typeof value === 'number' || typeof value === 'string' ? value : null
}

/** The page that gave a URL; `shown` stands for the URL in messages where it holds secrets. */
type Origin = { response: HttpResponse; page: number; shown?: string }

/** `before`: the request that the next call is merged into. */
type CallInput = Origin & { scope: Scope; budget: Budget; before: RequestDraft }

function renderNextCall(plan: CallPlan, call: NextCall, input: CallInput): RequestPatch {
  const patch: RequestPatch = {}
  const render = (value: unknown): unknown => renderDeep(value, input.scope, input.budget)
  if (call.url !== null) {
    const url = render(call.url)
    if (typeof url === 'string') patch.url = nextUrl(plan, url, input)
    else patch.url = isSecretText(url) ? secretNextUrl(plan, url, input) : url
    const replaced = paramsInUrl(patch.url, input.before)
    if (replaced !== null) patch.params = replaced
  }
  if (call.method !== null) patch.method = readMethod(render(call.method))
  if (call.params !== null) patch.params = { ...patch.params, ...readRecord(render(call.params), 'params') }
  if (call.headers !== null) patch.headers = lowerCaseKeys(readRecord(render(call.headers), 'headers'))
  if (call.json !== undefined) patch.json = render(call.json)
  if (call.body !== undefined) {
    const body = render(call.body)
    if (typeof body === 'string' || isSecretText(body)) patch.text = body
    else if (isObject(body) && input.before.body.kind === 'form') patch.form = body
    else patch.json = body
  }
  return patch
}

/** Parameters that the query of a new URL stands in place of, taken away; those that hold a secret stay. Null: there are none. */
function paramsInUrl(url: unknown, { params }: RequestDraft): Record<string, null> | null {
  const named = readQuery(splitQuery(String(maskSecretText(url))).query)
  const names = Object.keys(params).filter((name) => Object.hasOwn(named, name) && !holdsSecret(params[name]))
  return names.length === 0 ? null : Object.fromEntries(names.map((name) => [name, null]))
}

function nextUrl(plan: CallPlan, reference: string, from: Origin): string | SecretText {
  return remarkSecrets(checkedNextUrl(plan, reference, from), plan.secrets)
}

/**
 * Where it leads is decided with the secrets' values. What is stored is resolved with stand-ins for them, so that no
 * spelling of a secret is in it; a URL that begins with a secret is complete, and stays as it is.
 */
function secretNextUrl(plan: CallPlan, reference: SecretText, from: Origin): string | SecretText {
  const target = checkedNextUrl(plan, resolved(plan, reference), { ...from, shown: String(maskSecretText(reference)) })
  const literals = reference.parts.filter((part) => typeof part === 'string').join('\n')
  let mark = 'stand-in-'
  while (literals.toLowerCase().includes(mark)) mark += '-'
  const text = reference.parts.map((part, index) => (typeof part === 'string' ? part : `${mark}${index}.`)).join('')
  if (!URL.canParse(text, from.response.url)) return reference
  const pieces = new URL(text, from.response.url).href.split(new RegExp(`${mark}(\\d+)\\.`))
  const url = joinText(
    pieces.map((piece, index) => {
      const part = index % 2 === 0 ? piece : reference.parts[Number(piece)]
      return typeof part === 'object' ? secretText(part.secret) : remarkSecrets(piece, plan.secrets)
    }),
  )
  const isSame = URL.canParse(resolved(plan, url)) && checkedNextUrl(plan, resolved(plan, url), from) === target
  return isSame ? url : reference
}

const resolved = (plan: CallPlan, text: string | SecretText): string => String(resolveSecretText(text, plan.secrets))

const checkedNextUrl = (plan: CallPlan, reference: string, from: Origin): string =>
  resolveNextUrl(reference, {
    url: from.response.url,
    page: from.page,
    homeOrigin: plan.homeOrigin,
    allowedOrigins: plan.allowedOrigins,
    shown: from.shown,
  })

/** A method as a request can have it. Throws `template` for anything else. */
export function readMethod(value: unknown): HttpMethod {
  const method = HTTP_METHODS.find((each) => typeof value === 'string' && each === value.trim().toUpperCase())
  if (method === undefined)
    throw new PageFault(
      'template',
      `the method is ${JSON.stringify(value)}, where one of ${HTTP_METHODS.join(', ')} was expected`,
    )
  return method
}

/** Header names don't care about case, so they are kept in one. */
export const lowerCaseKeys = (record: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name.toLowerCase(), value]))

function readRecord(value: unknown, key: string): Record<string, unknown> {
  if (isObject(value) && !isSecretText(value)) return value
  throw new PageFault('template', `next_call.${key} must be an object of names and values`)
}
