import type { HttpResponse } from '@/domain/http-message'
import { PAGE_SIZE, PLAIN, type Pagination, type Shape } from './shape'

/** A page by what a request asks for: items of an element from one on, or a page that is counted from 1. */
export type Asked = { element: string; from: number; page: number; limit: number | null }

/** What the elements of the second step are called at the API, with their index. */
export const AFTER = 'after'

/** The API is a plain one for the second step. */
export const shapeFor = (shape: Shape, element: string): Shape => (element.startsWith(AFTER) ? PLAIN : shape)

/** What a request asks for. An API that does not know a parameter takes no notice of it. */
export function askedBy(shape: Shape, url: URL): Asked {
  const params = url.searchParams
  const element = url.pathname.slice(1)
  const { pagination } = shapeFor(shape, element)
  const from = fromOf(pagination, params)
  const limit = params.get('limit')
  return {
    element,
    from,
    page: Math.floor(from / PAGE_SIZE) + 1,
    limit: limit === null ? null : Number(limit),
  }
}

function fromOf(pagination: Pagination, params: URLSearchParams): number {
  const numberOf = (name: string, first: number): number => Number(params.get(name) ?? first)
  switch (pagination) {
    case 'page':
    case 'pages at once':
    case 'next_call':
    case 'auto by page':
      return (numberOf('page', 1) - 1) * PAGE_SIZE
    case 'offset':
    case 'offsets at once':
      return numberOf('offset', 0)
    case 'cursor':
    case 'auto by token':
      return Number((params.get('cursor') ?? 'c0').slice(1))
    case 'link':
    case 'next_url':
    case 'next_call in a list':
    case 'auto by link':
      return numberOf('at', 0)
  }
}

/** A request by its address alone, however that is put together: the same page asked for twice has one name. */
export function placeNameOf(url: URL): string {
  const params = [...url.searchParams].map(([name, value]) => `${name}=${value}`)
  return `${url.pathname.slice(1)}?${params.toSorted().join('&')}`
}

/** The address of a page on record. */
export function urlOfRecord({ url, params }: { url?: unknown; params?: unknown }): URL {
  const whole = new URL(String(url))
  for (const [name, value] of Object.entries(Object(params) as Record<string, unknown>))
    whole.searchParams.set(name, String(value))
  return whole
}

/** How many pages' worth of items an element has. */
export const pagesOf = (elements: ReadonlyMap<string, number>, element: string): number =>
  element.startsWith(AFTER) ? 2 : (elements.get(element) ?? 0)

/** All items of an element, as they are in truth. */
export const truthOf = (element: string, pages: number): { id: string }[] =>
  Array.from({ length: pages * PAGE_SIZE }, (_, place) => ({ id: `${element}-${place}` }))

type Slice = { asked: Asked; truth: readonly { id: string }[]; size: number }

/** The answer to a request, with what its API says of more: too many signs would tell `auto` what it is to find out. */
export function answerOf(shape: Shape, { asked, truth, size }: Slice): Pick<HttpResponse, 'text' | 'headers'> {
  const { element, from, page } = asked
  const { pagination } = shapeFor(shape, element)
  const data = truth.slice(from, from + size)
  const to = from + data.length
  const more = to < truth.length
  const total = truth.length
  const next = `/${element}?at=${to}`
  const headers: Record<string, string> = {}
  const bodyOf = (): Record<string, unknown> => {
    switch (pagination) {
      case 'page':
      case 'offset':
        return { data, more, total }
      case 'pages at once':
      case 'offsets at once':
        return { data, total }
      case 'cursor':
      case 'auto by token':
        return { data, next: more ? `c${to}` : null }
      case 'next_url':
        return { data, next: more ? next : null }
      case 'link':
      case 'auto by link':
        if (more) headers['link'] = `<${next}>; rel="next"`
        return { data }
      case 'next_call':
      case 'next_call in a list':
        return { data, more, page, to }
      case 'auto by page':
        return { data, page, total }
    }
  }
  return { text: JSON.stringify(bodyOf()), headers }
}
