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
