import { DomainError } from '../domain-error'
import type { TokenPlace } from '../playbook/pagination-plan'
import { maskSecretText } from '../playbook/template/secret-text'
import { parameterText, splitQuery } from './build-url'
import { isObject } from './item-path'
import { applyPatch, holdsSecret, type RequestDraft, type RequestPatch } from './request-draft'

/** The change that puts a token where the API reads it; in a JSON body `param` is a path. */
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
      return { set: { [param]: value } }
  }
}

/** Throws `invalid_playbook` where a request has no such place, so that a token would be lost or take the place of what is sent. */
export function checkPlace(draft: RequestDraft, place: TokenPlace, param: string): void {
  const { kind } = draft.body
  const isOther = kind !== 'none' && kind !== place
  if ((place === 'json' || place === 'form') && isOther)
    throw noPlace(`the token goes into \`${place}\`, but the body of the request is ${kind}, which it would replace`)
  if (place === 'json') applyPatch(draft, placeToken(place, param, null))
  if (place === 'path' && !pathOf(draft).includes(`{${param}}`))
    throw noPlace(`the token goes into the path of the URL, which has no \`{${param}}\``)
}

/**
 * The change that leaves the place of a token out of the first request, which has none; only in the path something stands
 * there. Throws `invalid_playbook` where it is not the end of the path: what the API takes for its first page is then unknown.
 */
export function leaveOut(draft: RequestDraft, place: TokenPlace, param: string): RequestPatch {
  if (place !== 'path') return {}
  if (pathOf(draft).endsWith(`/{${param}}`)) return { path: { [param]: '' } }
  throw new DomainError('invalid_playbook', `the first request has nothing for \`{${param}}\` in the path of the URL`, {
    hint: `end the path with \`/{${param}}\`, which is left out of the first request, or give the token another place (\`in\`)`,
  })
}

const pathOf = ({ url }: RequestDraft): string => splitQuery(String(maskSecretText(url))).head

const noPlace = (message: string): DomainError =>
  new DomainError('invalid_playbook', message, { hint: 'set `in` and `param` to where the API reads the token' })

const plain = (value: unknown): unknown =>
  !holdsSecret(value) && (Array.isArray(value) || isObject(value)) ? parameterText(value) : value
