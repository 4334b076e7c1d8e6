import type { Answer, WireRequest } from './scripted-server'

/** Items of a page in the tables of real APIs, unless the request says otherwise. */
export const SIZE = 10

/** The numbers of the items from `start` (0-based) on: at most a page of them, of `total`. */
export const numbers = (total: number, start: number, size = SIZE): number[] =>
  Array.from({ length: Math.max(0, Math.min(size, total - start)) }, (_, index) => start + index + 1)

/** The same as `{id}`. */
export const ids = (total: number, start: number, size = SIZE): { id: number }[] =>
  numbers(total, start, size).map((id) => ({ id }))

/** A number of the query. */
export const asked = ({ query }: WireRequest, name: string, fallback: number): number => Number(query[name] ?? fallback)

/** How many items lie before the page that is asked for, counted from 1. */
export const pageStart = (request: WireRequest): number => (asked(request, 'page', 1) - 1) * SIZE

/** How many pages there are. */
export const pagesOf = (total: number): number => Math.ceil(total / SIZE)

/** An opaque token for what starts at `start`; undefined where nothing does. */
export const tokenFor = (start: number, total: number): string | undefined =>
  start < total ? `t${Buffer.from(`at-${start}`).toString('base64')}` : undefined

/** Where a token leads; the first page without one. */
export const startOf = (token: unknown): number =>
  typeof token === 'string' && token.startsWith('t')
    ? Number(Buffer.from(token.slice(1), 'base64').toString().slice(3))
    : 0

/** A `Link` header of those relations that have a target. */
export const links = (rels: Record<string, string | false>): Record<string, string> => {
  const parts = Object.entries(rels).flatMap(([rel, target]) =>
    target === false ? [] : [`<API:${target}>; rel="${rel}"`],
  )
  return parts.length === 0 ? {} : { link: parts.join(', ') }
}

/** What an API answers that does not know a parameter. */
export function refusal({ query }: WireRequest, known: readonly string[]): Answer | null {
  const unknown = Object.keys(query).find((name) => !known.includes(name))
  return unknown === undefined ? null : { status: 400, json: { error: `unknown parameter ${unknown}` } }
}

/** The same for the members of a JSON body. */
export function bodyRefusal({ body }: WireRequest, known: readonly string[]): Answer | null {
  const sent: object = body === '' ? {} : JSON.parse(body)
  const unknown = Object.keys(sent).find((name) => !known.includes(name))
  return unknown === undefined ? null : { status: 400, json: { error: `unknown key ${unknown}` } }
}
