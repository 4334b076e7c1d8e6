import type { TokenPlace } from '../playbook/pagination-plan'
import { parameterText } from './build-url'
import { isObject, parseBodyPath } from './item-path'
import type { RequestPatch } from './request-draft'

/** The change that puts a token where the API reads it; `param` may be a path into a JSON body. */
export function placeToken(place: TokenPlace, param: string, value: unknown): RequestPatch {
  switch (place) {
    case 'query':
      return { params: { [param]: plain(value) } }
    case 'header':
      return { headers: { [param.toLowerCase()]: plain(value) } }
    case 'path':
      return { path: { [param]: parameterText(value) } }
    case 'form':
      return { form: { [param]: plain(value) } }
    case 'json':
      return { json: nested(param, value) }
  }
}

const plain = (value: unknown): unknown => (Array.isArray(value) || isObject(value) ? parameterText(value) : value)

function nested(param: string, value: unknown): unknown {
  const keys = parseBodyPath(param).segments.flatMap((segment) => (segment.kind === 'key' ? [segment.key] : []))
  return keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value)
}
