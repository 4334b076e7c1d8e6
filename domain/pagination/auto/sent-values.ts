import type { TokenPlace } from '../../playbook/pagination-plan'
import { isObject } from '../item-path'
import type { DraftBody } from '../request-draft'
import { pathText, plainName, type PathKey } from './clues'
import { LIMIT_NAMES, OFFSET_NAMES, PAGE_NAMES } from './paging-names'

/** A plain value of the request as it was sent, and where it lies. */
export type SentValue = {
  in: 'query' | 'form' | 'json'
  path: readonly PathKey[]
  /** What it may be called, in small letters and digits only: `number`, and `pagenumber` for `page.number`. */
  names: readonly string[]
  value: unknown
}

/** Where a token may go, in the words of `paginate`; without `in`: the query. */
export type Place = { param: string; in?: Exclude<TokenPlace, 'query'> }

/** What of a request a pagination is guessed from. */
export type SentRequest = {
  values: readonly SentValue[]
  body: 'json' | 'form' | null
  /** Where the playbook says that the token goes; null: it doesn't. */
  place: TokenPlace | null
}

const MAX_VALUES = 300
const MAX_DEPTH = 6
const PAGING: ReadonlySet<string> = new Set([...PAGE_NAMES, ...OFFSET_NAMES, ...LIMIT_NAMES])
/** Names that inside a body are as often those of a filter, such as `price: {from: 0, to: 10}`. */
const AMBIGUOUS: ReadonlySet<string> = new Set(['number', 'from', 'start', 'startat', 'size', 'take', 'top', 'next'])

/** The plain values of a request: those of its query, then those of its body, outer ones first. */
export function readSent(
  sent: { params: unknown; body: unknown },
  kind: DraftBody['kind'],
  place: TokenPlace | null,
): SentRequest {
  const query = flatValues('query', sent.params)
  if (kind === 'form') return { values: [...query, ...flatValues('form', sent.body)], body: 'form', place }
  if (kind !== 'json' || !isObject(sent.body)) return { values: query, body: null, place }
  return { values: [...query, ...valuesInside(sent.body)], body: 'json', place }
}

/** The places of what was sent under one of these names, as long as its value passes. */
export function findSent(
  { values, place }: SentRequest,
  names: readonly string[],
  passes: (value: unknown) => boolean,
): (Place & { value: unknown })[] {
  return values.flatMap((sent) =>
    (place === null || place === sent.in) && sent.names.some((name) => names.includes(name)) && passes(sent.value)
      ? [{ ...placeOf(sent.in, sent.path), value: sent.value }]
      : [],
  )
}

/**
 * Where something of these names may go that was not sent yet: in a body beside what else says which page, then elsewhere.
 * All names come at the best place before any at the next one.
 */
export function placesFor(request: SentRequest, names: readonly string[]): Place[] {
  const columns = [...new Set(names)].map((name) => placesOfName(request, name))
  return (columns[0] ?? []).flatMap((_, rank) => columns.flatMap((places) => places[rank] ?? []))
}

/** A place in words, as evidence has it. */
export const sentAs = ({ param, in: where }: Place): string =>
  `sent as \`${param}\`${where === undefined ? '' : ` in ${where}`}`

function placesOfName(request: SentRequest, name: string): Place[] {
  const { body, place } = request
  if (place !== null && place !== 'json') return [placeOf(place, [name])]
  const inside = body === 'json' || place === 'json' ? jsonPlaces(request, name) : []
  if (place === 'json') return inside
  const group = name.includes('[') ? null : groupOf(request)
  return [
    ...(group === null ? [] : [{ param: `${group}[${name}]` }]),
    ...inside,
    ...(body === 'form' ? [placeOf('form', [name])] : []),
    { param: name },
  ]
}

const GROUPED = /^(page|paging|pagination)\[(\w+)\]$/

/** The name around the brackets of `page[size]` or `pagination[limit]`, where such a parameter was sent. */
export const groupOf = ({ values }: SentRequest): string | null =>
  values.flatMap(({ in: where, path }) => (where === 'query' ? [GROUPED.exec(String(path[0]))?.[1]] : []))[0] ?? null

function jsonPlaces({ values }: SentRequest, name: string): Place[] {
  const beside = values.find(
    ({ in: where, path, names }) => where === 'json' && path.length > 1 && names.some((each) => PAGING.has(each)),
  )
  const holders = [...(beside === undefined ? [] : [beside.path.slice(0, -1)]), []]
  return holders.map((holder) => placeOf('json', [...holder, name]))
}

/** A place in the words of `paginate`. */
export const placeOf = (where: TokenPlace, path: readonly PathKey[]): Place => {
  if (where === 'json') return { param: pathText(path), in: where }
  const param = path.join('.')
  return where === 'query' ? { param } : { param, in: where }
}

const flatValues = (where: 'query' | 'form', record: unknown): SentValue[] =>
  isObject(record)
    ? Object.entries(record).map(([key, value]) => ({ in: where, path: [key], names: flatNames(key), value }))
    : []

const flatNames = (key: string): string[] => {
  const inner = GROUPED.exec(key)?.[2]
  return inner === undefined ? [plainName(key)] : [plainName(key), plainName(inner)]
}

type Holder = { path: readonly PathKey[]; members: Record<string, unknown> }

/** Breadth first, so that of two values with one name the outer one comes first. */
function valuesInside(body: Record<string, unknown>): SentValue[] {
  const values: SentValue[] = []
  const holders: Holder[] = [{ path: [], members: body }]
  for (let holder = holders.shift(); holder !== undefined; holder = holders.shift()) {
    for (const [key, value] of Object.entries(holder.members)) {
      if (values.length >= MAX_VALUES) return values
      const path = [...holder.path, key]
      if (path.length < MAX_DEPTH) holders.push(...holdersIn(path, value))
      if (typeof value !== 'object' || value === null)
        values.push({ in: 'json', path, names: namesOf(holder, key), value })
    }
  }
  return values
}

function holdersIn(path: readonly PathKey[], value: unknown): Holder[] {
  if (isObject(value)) return [{ path, members: value }]
  if (!Array.isArray(value)) return []
  return value.flatMap((member: unknown, index) =>
    isObject(member) ? [{ path: [...path, index], members: member }] : [],
  )
}

function namesOf({ path, members }: Holder, key: string): string[] {
  const name = plainName(key)
  const parent = path.findLast((each) => typeof each === 'string')
  if (parent === undefined) return [name]
  const joined = plainName(parent) + name
  const siblings = Object.keys(members).map(plainName)
  const isPaging = plainName(parent).includes('pag') || siblings.some((each) => each !== name && PAGING.has(each))
  // `$top` and `$skip` are OData's and nobody's filter.
  return AMBIGUOUS.has(name) && !isPaging && !key.startsWith('$') ? [joined] : [name, joined]
}
