import { rows, wireSuite, type Row } from './testing/suite'

/** Offsets that count from `first`. */
const offsetsFrom =
  (first: number, total: number, size: number): Exclude<Row['script'], readonly unknown[]> =>
  ({ query }) => {
    const before = Number(query['offset'] ?? first) - first
    return { json: { data: rows(before + 1, Math.min(size, total - before)), total } }
  }
const byOffset = (start: number, more = ''): string =>
  `paginate: { type: offset, start: ${start}, limit: 2, items: data, stop: { total_items_path: total }${more} }`
const asked = (...starts: number[]): string[] => starts.map((start) => `/items?offset=${start}&limit=2`)

wireSuite('offsets of an API that counts from 1', [
  {
    name: 'reach the last item',
    step: byOffset(1),
    script: offsetsFrom(1, 5, 2),
    requests: asked(1, 3, 5),
    items: [1, 2, 3, 4, 5],
    stop: 'total_reached',
  },
  {
    name: 'reach it at once, too',
    step: byOffset(1, ', parallel: 3'),
    script: offsetsFrom(1, 5, 2),
    requests: asked(1, 3, 5),
    items: [1, 2, 3, 4, 5],
    stop: 'total_reached',
  },
  {
    name: 'reach it from a later page on',
    step: byOffset(3),
    script: offsetsFrom(1, 5, 2),
    requests: asked(3, 5),
    items: [3, 4, 5],
    stop: 'total_reached',
  },
  {
    name: 'reach it after a page that was left out',
    step: byOffset(1, ', on_page_error: skip'),
    script: (request, count) =>
      request.query['offset'] === '3' ? { status: 400, json: {} } : offsetsFrom(1, 5, 2)(request, count),
    requests: asked(1, 3, 5, 6),
    items: [1, 2, 5],
    stop: 'empty_page',
    warnings: ['page_skipped', 'empty_page_before_total', 'more_available', 'total_mismatch'],
  },
  {
    name: 'are found out by auto, and reach it',
    step: 'paginate: { type: auto }',
    script: ({ query }) => {
      const start = Number(query['startIndex'] ?? 1)
      const Resources = rows(start, Math.min(2, 6 - start))
      return { json: { totalResults: 5, startIndex: start, itemsPerPage: 2, Resources } }
    },
    requests: ['/items', '/items?startIndex=3', '/items?startIndex=5'],
    items: [1, 2, 3, 4, 5],
    stop: 'total_reached',
  },
  {
    name: 'that count from 0 and leave the first item out end without a warning',
    step: byOffset(1),
    script: offsetsFrom(0, 6, 2),
    requests: asked(1, 3, 5, 6),
    items: [2, 3, 4, 5, 6],
    stop: 'empty_page',
  },
])

wireSuite('one page', [
  {
    name: 'tells that the flag it was to read says more',
    step: 'paginate: { type: none, items: data, stop: { has_more_path: more } }',
    script: [{ json: { data: rows(1, 2), more: true } }],
    requests: ['/items'],
    items: 2,
    stop: 'single_page',
    warnings: ['more_available'],
  },
  {
    name: 'tells that the total it was to read is larger',
    step: 'paginate: { type: none, items: data, stop: { total_items_path: total } }',
    script: [{ json: { data: rows(1, 2), total: 9 } }],
    requests: ['/items'],
    items: 2,
    stop: 'single_page',
    warnings: ['more_available'],
  },
])

wireSuite('a first page that fails for good and is to be left out', [
  {
    name: 'is left out where page numbers say what follows',
    step: 'paginate: { type: page, items: data, on_page_error: skip, stop: { total_items_path: total } }',
    script: ({ query }) => {
      const page = Number(query['page'])
      return page === 1 ? { status: 400, json: {} } : { json: { data: rows(page * 2 - 1, page < 3 ? 2 : 0), total: 4 } }
    },
    requests: ['/items?page=1', '/items?page=2', '/items?page=3'],
    items: [3, 4],
    stop: 'empty_page',
    warnings: ['page_skipped', 'empty_page_before_total', 'more_available', 'total_mismatch'],
  },
  {
    name: 'is not the first of an endless row',
    step: 'paginate: { type: page, items: data, on_page_error: skip, stop: { has_more_path: more } }',
    script: () => ({ status: 400, json: {} }),
    requests: ['/items?page=1', '/items?page=2'],
    items: 0,
    warnings: ['page_skipped'],
    error: 'http_error',
  },
])

wireSuite('end values', [
  {
    name: 'may be objects and lists',
    step: 'paginate: { type: cursor, path: next, items: data, end_values: [{ done: true }, [0]] }',
    script: (_, count) => ({ json: { data: rows(count * 2 + 1, 2), next: ['a', { done: true }][count] } }),
    requests: ['/items', '/items?cursor=a'],
    items: 4,
    stop: 'no_next',
  },
])
