import { expect } from 'vitest'
import { paged, pages, rows, wireSuite, type Row } from './testing/suite'

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
    name: 'are limited at once as one after another',
    step: byOffset(1, ', parallel: 3').replace('total }', 'total, max_pages: 2 }'),
    script: offsetsFrom(1, 5, 2),
    requests: asked(1, 3),
    items: [1, 2, 3, 4],
    stop: 'max_pages',
    warnings: ['more_available'],
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

const warned =
  (says: string): NonNullable<Row['also']> =>
  ({ state }) => {
    expect(state.progress.warnings).toMatchObject([{ kind: 'more_available', message: expect.stringContaining(says) }])
  }
const UNSAID = 'nothing said that it was the last one'

wireSuite('a limit', [
  {
    name: 'that nothing speaks against says just that',
    step: 'paginate: { type: page, items: data, stop: { max_pages: 2 } }',
    script: paged(4, 2),
    requests: pages(2),
    items: 4,
    stop: 'max_pages',
    warnings: ['more_available'],
    also: warned(UNSAID),
  },
  {
    name: 'says what the API says',
    step: 'paginate: { type: page, items: data, stop: { max_pages: 2, total_items_path: total } }',
    script: paged(6, 2, () => ({ total: 6 })),
    requests: pages(2),
    items: 4,
    stop: 'max_pages',
    warnings: ['more_available'],
    also: warned('while the API had more: 4 of 6 items came'),
  },
  {
    name: 'on the last page is not the reason of the end',
    step: 'paginate: { type: page, items: data, stop: { max_pages: 2, total_items_path: total } }',
    script: paged(3, 2, () => ({ total: 3 })),
    requests: pages(2),
    items: 3,
    stop: 'total_reached',
  },
  {
    name: 'of items that is met exactly says that nothing was said',
    step: 'paginate: { type: last_record, field: id, param: after, items: data, stop: { max_items: 2 } }',
    script: [{ json: { data: rows(1, 2) } }],
    requests: ['/items'],
    items: 2,
    stop: 'max_items',
    warnings: ['more_available'],
    also: warned(UNSAID),
  },
  {
    name: 'of the last item of a page that has a cursor says that there is more',
    step: 'paginate: { type: cursor, path: next, items: data, stop: { max_pages: 1 } }',
    script: [{ json: { data: rows(1, 2), next: 'x' } }],
    requests: ['/items'],
    items: 2,
    stop: 'max_pages',
    warnings: ['more_available'],
    also: warned('while the API had more; it would continue with "x"'),
  },
])

wireSuite('a total that the page itself speaks against', [
  {
    name: 'ends a run that has a next URL, which is told',
    step: 'paginate: { type: next_url, path: next, items: data, stop: { total_items_path: count } }',
    script: [{ json: { data: rows(1, 2), count: 2, next: '/items?page=2' } }],
    requests: ['/items'],
    items: 2,
    stop: 'total_reached',
    warnings: ['more_available'],
    also: warned('ended by total 2 on page 1 while the API had more; it would continue with "/items?page=2"'),
  },
  {
    name: 'ends a run that has a next link, which is told',
    step: 'paginate: { type: link, items: data, stop: { total_pages_path: pages } }',
    script: [{ json: { data: rows(1, 2), pages: 1 }, headers: { link: '</items?page=2>; rel="next"' } }],
    requests: ['/items'],
    items: 2,
    stop: 'total_reached',
    warnings: ['more_available'],
  },
  {
    name: 'ends a connection that has a next page, which is told',
    step: `method: POST
json: { query: q }
paginate: { type: graphql, page_info: pageInfo, items: nodes, stop: { total_items_path: totalCount } }`,
    script: [{ json: { nodes: rows(1, 2), totalCount: 2, pageInfo: { hasNextPage: true, endCursor: 'c' } } }],
    requests: ['POST /items {"query":"q"}'],
    items: 2,
    stop: 'total_reached',
    warnings: ['more_available'],
  },
  {
    name: 'says nothing of a cursor, which many APIs give with every page',
    step: 'paginate: { type: cursor, path: next, items: data, stop: { total_items_path: count } }',
    script: [{ json: { data: rows(1, 2), count: 2, next: 'c' } }],
    requests: ['/items'],
    items: 2,
    stop: 'total_reached',
  },
  {
    name: 'of pages is 0 although there are items',
    step: 'paginate: { type: page, items: data, stop: { total_pages_path: pages } }',
    script: [{ json: { data: rows(1, 2), pages: 0 } }],
    requests: ['/items?page=1'],
    items: 2,
    stop: 'total_reached',
    warnings: ['total_mismatch'],
  },
  {
    name: 'of pages is 0 where there are none',
    step: 'paginate: { type: page, items: data, stop: { total_pages_path: pages } }',
    script: [{ json: { data: [], pages: 0 } }],
    requests: ['/items?page=1'],
    items: 0,
    stop: 'total_reached',
  },
  {
    name: 'of pages shrinks below the page that still has items',
    step: 'paginate: { type: page, items: data, stop: { total_pages_path: pages } }',
    script: ({ query }) => ({
      json: { data: rows(Number(query['page']) * 2, 2), pages: [9, 9, 1][Number(query['page']) - 1] },
    }),
    requests: pages(3),
    items: 6,
    stop: 'total_reached',
    warnings: ['total_mismatch'],
  },
])

wireSuite('a total that is a lower bound', [
  {
    name: 'ends nothing',
    step: 'paginate: { type: offset, items: hits, stop: { total_items_path: total.value } }',
    script: [
      { json: { total: { value: 3, relation: 'gte' }, hits: rows(1, 2) } },
      { json: { total: { value: 3, relation: 'gte' }, hits: rows(3, 2) } },
      { json: { total: { value: 5, relation: 'eq' }, hits: rows(5, 1) } },
    ],
    requests: ['/items?offset=0', '/items?offset=2', '/items?offset=4'],
    items: 5,
    stop: 'total_reached',
  },
])

wireSuite('a list that an API leaves out where it is empty', [
  {
    name: 'has nothing where the body counts nothing',
    step: 'paginate: { type: offset, items: Resources, stop: { total_items_path: totalResults } }',
    script: [{ json: { totalResults: 0, startIndex: 1 } }],
    requests: ['/items?offset=0'],
    items: 0,
    stop: 'total_reached',
  },
  {
    name: 'has nothing where `when` says that this was the last answer',
    step: 'paginate: { type: cursor, path: cursor, items: customers, stop: { when: "{{ response.customers is not defined }}" } }',
    script: [{ json: { customers: rows(1, 2), cursor: 'c' } }, { json: {} }],
    requests: ['/items', '/items?cursor=c'],
    items: 2,
    stop: 'when_true',
  },
  {
    name: 'is missed where `when` says nothing of the kind',
    step: 'paginate: { type: cursor, path: cursor, items: customers, stop: { when: "{{ response.done is defined }}" } }',
    script: [{ json: {} }],
    requests: ['/items'],
    items: 0,
    error: 'items_path_missing',
  },
  {
    name: 'is no page of lists of which any may be meant',
    step: 'paginate: { type: next_url, path: next }',
    script: [{ json: { users: rows(1, 2), groups: rows(8, 2), next: null } }],
    requests: ['/items'],
    items: 0,
    error: 'items_path_missing',
    says: /`users`, `groups`/,
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

wireSuite('a last page that is left out', [
  {
    name: 'leaves the total unmet, which is told',
    step: 'paginate: { type: page, items: data, on_page_error: skip, stop: { total_items_path: total } }',
    script: [
      { json: { data: rows(1, 2), total: 6 } },
      { json: { data: rows(3, 2), total: 6 } },
      { status: 400, json: {} },
    ],
    requests: [1, 2, 3].map((page) => `/items?page=${page}`),
    items: 4,
    stop: 'total_reached',
    warnings: ['page_skipped', 'total_mismatch'],
  },
  {
    name: 'by max_pages has more behind it, which is told',
    step: 'paginate: { type: page, items: data, on_page_error: skip, stop: { max_pages: 2, total_items_path: total } }',
    script: [{ json: { data: rows(1, 2), total: 6 } }, { status: 400, json: {} }],
    requests: [1, 2].map((page) => `/items?page=${page}`),
    items: 2,
    stop: 'max_pages',
    warnings: ['page_skipped', 'more_available'],
  },
])

wireSuite('an end before the number of pages that the API counts', [
  {
    name: 'by a status is told',
    step: 'paginate: { type: page, items: data, stop: { total_pages_path: pages, status_codes: [404] } }',
    script: [{ json: { data: rows(1, 2), pages: 3 } }, { status: 404 }],
    requests: ['/items?page=1', '/items?page=2'],
    items: 2,
    stop: 'stop_status',
    warnings: ['more_available'],
  },
  {
    name: 'by an answer without a body is told',
    step: 'paginate: { type: page, items: data, stop: { total_pages_path: pages } }',
    script: [{ json: { data: rows(1, 2), pages: 3 } }, { status: 204 }],
    requests: ['/items?page=1', '/items?page=2'],
    items: 2,
    stop: 'empty_page',
    warnings: ['more_available'],
  },
  {
    name: 'is none at the last of them',
    step: 'paginate: { type: page, items: data, stop: { total_pages_path: pages } }',
    script: [{ json: { data: rows(1, 2), pages: 2 } }, { status: 204 }],
    requests: ['/items?page=1', '/items?page=2'],
    items: 2,
    stop: 'empty_page',
  },
])

const short = (count: number, warnings: string[]): Row => ({
  name: `of ${count} items of 500 asked for`,
  step: 'paginate: { type: page, limit_param: size, limit: 500, items: data, stop: { short_page: true } }',
  script: [{ json: { data: rows(1, count) } }],
  requests: ['/items?page=1&size=500'],
  items: count,
  stop: 'short_page',
  warnings,
})

wireSuite('a short first page that ends a run tells where the server may cap its pages', [
  short(100, ['server_page_size_differs']),
  short(73, []),
])

wireSuite('a next URL', [
  {
    name: 'that is the first request again is a loop, however its parameters are written',
    step: 'params: { size: 2, q: x }\npaginate: { type: next_url, path: next, items: data }',
    script: [{ json: { data: rows(1, 2), next: '/items?q=x&size=2' } }],
    requests: ['/items?size=2&q=x'],
    items: 0,
    error: 'loop_detected',
  },
])

wireSuite('GraphQL errors beside data', [
  {
    name: 'are the error where the connection is what is missing',
    step: 'method: POST\njson: { query: q }\npaginate: { type: graphql, page_info: data.items.pageInfo, items: data.items.nodes }',
    script: [{ json: { errors: [{ message: 'items are down' }], data: { items: null, viewer: {} } } }],
    requests: ['POST /items {"query":"q"}'],
    items: 0,
    error: 'graphql_errors',
    says: /items are down; items path `data.items.nodes` is missing/,
  },
])

wireSuite('pages that overlap', [
  {
    name: 'are read until all unique items came, by the last item of the page before',
    step: 'paginate: { type: page, items: data, stop: { total_items_path: total } }',
    script: ({ query }) => {
      const first = (Number(query['page']) - 1) * 2 + 1
      return { json: { data: rows(first, Math.min(3, 10 - first)), total: 9 } }
    },
    requests: [1, 2, 3, 4].map((page) => `/items?page=${page}`),
    items: [1, 2, 3, 3, 4, 5, 5, 6, 7, 7, 8, 9],
    stop: 'total_reached',
    warnings: ['repeated_items'],
  },
  {
    name: 'because an item came in at the front in the meantime leave the total unmet, which is told',
    step: 'paginate: { type: page, items: data, stop: { total_items_path: total } }',
    script: [
      { json: { data: rows(1, 3), total: 6 } },
      { json: { data: rows(3, 3), total: 7 } },
      { json: { data: rows(6, 1), total: 7 } },
      { json: { data: [], total: 7 } },
    ],
    requests: [1, 2, 3, 4].map((page) => `/items?page=${page}`),
    items: [1, 2, 3, 3, 4, 5, 6],
    stop: 'empty_page',
    warnings: ['repeated_items', 'empty_page_before_total', 'more_available', 'total_mismatch'],
  },
  {
    name: 'are none where items without an id are alike',
    step: 'paginate: { type: page, items: data, stop: { total_items_path: total } }',
    script: ({ query }) => ({ json: { data: [{ n: 0 }, { n: Number(query['page']) }, { n: 0 }], total: 6 } }),
    requests: [1, 2].map((page) => `/items?page=${page}`),
    items: 6,
    stop: 'total_reached',
  },
])
