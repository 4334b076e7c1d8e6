import type { HttpMethod } from '../http-message'
import { isSecretText } from '../playbook/template/secret-text'
import { isObject } from './item-path'
import { placeInJson } from './place-in-json'

/** A value on its way into a request: secrets are still markers. */
export type DraftBody =
  | { kind: 'none' }
  | { kind: 'json'; value: unknown }
  | { kind: 'form'; fields: Record<string, unknown> }
  | { kind: 'text'; text: unknown }

/** A request whose templates are evaluated and whose secrets are not: this is what may be shown and stored. */
export type RequestDraft = {
  method: HttpMethod
  /** Text, or SecretText. `{name}` in it is a place for a token (`in: path`). */
  url: unknown
  params: Record<string, unknown>
  /** Lower-case names. */
  headers: Record<string, unknown>
  body: DraftBody
  path: Record<string, string>
}

/** What changes from the step's first request to a later one: small, and all that the checkpoint needs of a request. */
export type RequestPatch = {
  method?: HttpMethod
  url?: unknown
  /** Parameters set on top; `null` takes one away. */
  params?: Record<string, unknown>
  /** True after a next URL: its query stands in place of the parameters, those that hold a secret aside. */
  replacesParams?: boolean
  headers?: Record<string, unknown>
  /** Merged deeply into a JSON body. */
  json?: unknown
  /** Values at paths of a JSON body, each replaced as a whole: an element of a list, or a token that is an object. */
  set?: Record<string, unknown>
  form?: Record<string, unknown>
  text?: unknown
  /** Values for `{name}` in the URL (`in: path`). */
  path?: Record<string, string>
}

/** The request a patch makes of the first one. Throws `invalid_playbook` for a path of `set` that can't be followed. */
export function applyPatch(first: RequestDraft, patch: RequestPatch): RequestDraft {
  const kept = patch.replacesParams === true ? onlySecrets(first.params) : first.params
  return {
    method: patch.method ?? first.method,
    url: patch.url ?? first.url,
    params: withoutNulls({ ...kept, ...patch.params }),
    headers: withoutNulls({ ...first.headers, ...patch.headers }),
    body: patchedBody(first.body, patch),
    path: { ...first.path, ...patch.path },
  }
}

/** One patch that does what both do, `later` last. */
export function mergePatches(earlier: RequestPatch, later: RequestPatch): RequestPatch {
  const merged: RequestPatch = { ...earlier, ...later }
  const params = later.replacesParams === true ? later.params : mergedRecord(earlier.params, later.params)
  const headers = mergedRecord(earlier.headers, later.headers)
  const form = mergedRecord(earlier.form, later.form)
  const set = mergedRecord(earlier.set, later.set)
  if (params === undefined) delete merged.params
  else merged.params = params
  if (headers !== undefined) merged.headers = headers
  if (form !== undefined) merged.form = form
  if (set !== undefined) merged.set = set
  if (earlier.path !== undefined || later.path !== undefined) merged.path = { ...earlier.path, ...later.path }
  if (earlier.json !== undefined && later.json !== undefined) merged.json = mergeJson(earlier.json, later.json)
  // A body that was text is none any more once a later one is JSON.
  if (later.text === undefined && (later.json !== undefined || later.set !== undefined)) delete merged.text
  return merged
}

/** True when a secret's marker is anywhere inside. */
export function holdsSecret(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (isSecretText(value)) return true
  return Array.isArray(value) ? value.some(holdsSecret) : Object.values(value).some(holdsSecret)
}

function patchedBody(body: DraftBody, patch: RequestPatch): DraftBody {
  if (patch.text !== undefined) return { kind: 'text', text: patch.text }
  if (patch.json !== undefined || patch.set !== undefined) {
    const earlier = body.kind === 'json' ? body.value : undefined
    const value = patch.json === undefined ? earlier : mergeJson(earlier, patch.json)
    const places = Object.entries(patch.set ?? {})
    return { kind: 'json', value: places.reduce((whole, [path, each]) => placeInJson(whole, path, each), value) }
  }
  if (patch.form !== undefined) {
    return { kind: 'form', fields: withoutNulls({ ...(body.kind === 'form' ? body.fields : {}), ...patch.form }) }
  }
  return body
}

/** Objects are merged key by key, everything else is replaced; Object.fromEntries keeps a key `__proto__` an ordinary one. */
function mergeJson(earlier: unknown, later: unknown): unknown {
  if (!isObject(earlier) || !isObject(later) || isSecretText(earlier) || isSecretText(later)) return later
  const merged = new Map(Object.entries(earlier))
  for (const [key, value] of Object.entries(later)) merged.set(key, mergeJson(merged.get(key), value))
  return Object.fromEntries(merged)
}

const mergedRecord = (
  earlier: Record<string, unknown> | undefined,
  later: Record<string, unknown> | undefined,
): Record<string, unknown> | undefined => (earlier === undefined ? later : { ...earlier, ...later })

const withoutNulls = (record: Record<string, unknown>): Record<string, unknown> =>
  Object.values(record).some((value) => value === null || value === undefined)
    ? Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null && value !== undefined))
    : record

const onlySecrets = (params: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(params).filter(([, value]) => holdsSecret(value)))
