import type { HttpRequest } from '../../http-message'
import type { Answer } from './run-scenario'

/** `count` items `{id}` from `from` on. */
export const rows = (from: number, count: number): { id: number }[] =>
  Array.from({ length: Math.max(0, count) }, (_, i) => ({ id: from + i }))

const query = (request: HttpRequest, name: string): string | null => new URL(request.url).searchParams.get(name)

type Extra = (page: { number: number; rows: unknown[]; start: number; hasMore: boolean }) => Record<string, unknown>

/** An API of numbered pages: `page`, and `pageSize` where it is sent. */
export function pagedApi(total: number, size: number, extra: Extra = () => ({})): (request: HttpRequest) => Answer {
  return (request) => {
    const asked = Number(query(request, 'page') ?? '1')
    const pageSize = Math.min(size, Number(query(request, 'pageSize') ?? size))
    return window(total, { start: (asked - 1) * pageSize, size: pageSize, number: asked }, extra)
  }
}

/** An API of offsets that never gives more than `cap` items. */
export function offsetApi(total: number, cap: number, extra: Extra = () => ({})): (request: HttpRequest) => Answer {
  return (request) => {
    const start = Number(query(request, 'offset') ?? '0')
    return window(total, { start, size: Math.min(cap, Number(query(request, 'limit') ?? cap)), number: 0 }, extra)
  }
}

/** Answers in turn with lists under `data` and a token under `next`. */
export const cursorPages = (...pages: readonly (readonly [unknown[], unknown])[]): Answer[] =>
  pages.map(([data, next]) => ({ json: next === undefined ? { data } : { data, next } }))

function window(total: number, page: { start: number; size: number; number: number }, extra: Extra): Answer {
  const data = rows(page.start + 1, Math.min(page.size, total - page.start))
  const hasMore = page.start + page.size < total
  return { json: { data, ...extra({ number: page.number, rows: data, start: page.start, hasMore }) } }
}
