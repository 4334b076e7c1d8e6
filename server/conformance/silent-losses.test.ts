import { pages, rows, warned, wireSuite, type Row } from './testing/suite'

type Answers = Exclude<Row['script'], readonly unknown[]>

/** Items whose `t` is not unique, in its order, four a page; the bound includes its own value or not. */
const tied =
  (isIncluded: boolean, times = [1, 2, 3, 3, 3, 4, 5, 5, 5, 6], total?: number): Answers =>
  ({ query }) => {
    const after = Number(query['after'] ?? -1)
    const items = times.map((t, index) => ({ id: index + 1, t }))
    const data = items.filter(({ t }) => t > after || (isIncluded && t === after)).slice(0, 4)
    return { json: { data, ...(total !== undefined && { total }) } }
  }
const BY_TIME = 'paginate: { type: last_record, field: t, param: after, items: data'
const after = (...values: number[]): string[] => ['/items', ...values.map((value) => `/items?after=${value}`)]

wireSuite('last records by a field that is not unique', [
  {
    name: 'leave out what has the value of the last one, which is told',
    step: `${BY_TIME} }`,
    script: tied(false),
    requests: after(3, 5, 6),
    items: [1, 2, 3, 4, 6, 7, 8, 9, 10],
    stop: 'no_next',
    warnings: ['field_not_unique'],
    also: warned('field_not_unique', 'have the same `t`, and page 2 begins after 3'),
  },
  {
    name: 'may end on a value that others have, too',
    step: `${BY_TIME} }`,
    script: tied(false, [1, 2, 3, 3, 3]),
    requests: after(3),
    items: [1, 2, 3, 4],
    stop: 'no_next',
    warnings: ['field_not_unique'],
  },
  {
    name: 'leave the telling to a total, which knows',
    step: `${BY_TIME}, stop: { total_items_path: total } }`,
    script: tied(false, [1, 1, 2, 3, 4, 5], 6),
    requests: after(3),
    items: [1, 2, 3, 4, 5, 6],
    stop: 'total_reached',
  },
  {
    name: 'lose nothing where the bound includes its value, and end there',
    step: `${BY_TIME}, dedupe: id }`,
    script: tied(true),
    requests: after(3, 4, 5, 6),
    items: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    stop: 'no_next',
    warnings: ['duplicates_dropped'],
  },
  {
    name: 'end at the only item there is',
    step: `${BY_TIME}, dedupe: id }`,
    script: tied(true, [1]),
    requests: after(1),
    items: [1],
    stop: 'no_next',
    warnings: ['repeated_page', 'duplicates_dropped'],
  },
  {
    name: 'that fill more than a page with one value get no further, and say so',
    step: `${BY_TIME}, dedupe: id }`,
    script: tied(true, [1, 2, 2, 2, 2, 2, 3]),
    requests: after(2, 2).slice(0, 2),
    items: [1, 2, 3, 4],
    error: 'loop_detected',
    says: 'ends with the value 2, which page 1 ended with before',
  },
])

/** Numbered pages of 20 items (or as many as are said) of which the first has another size than the rest; none is asked for past the end. */
const firstOf =
  (first: number, rest: number, total = 20): Answers =>
  ({ query }) => {
    const page = Number(query['page'])
    const start = page === 1 ? 0 : first + (page - 2) * rest
    return { json: { data: rows(start + 1, Math.min(page === 1 ? first : rest, 20 - start)), total } }
  }
const AT_ONCE = 'paginate: { type: page, parallel: 3, items: data, stop: { total_items_path: total } }'

wireSuite('numbered pages at once, the first longer than the rest', [
  {
    name: 'are gone on with one after another until the total is reached',
    step: AT_ONCE,
    script: firstOf(5, 3),
    requests: pages(6),
    items: Array.from({ length: 20 }, (_, index) => index + 1),
    stop: 'total_reached',
  },
  {
    name: 'are gone on with until a page is empty',
    step: AT_ONCE,
    script: firstOf(8, 4, 25),
    requests: pages(5),
    items: Array.from({ length: 20 }, (_, index) => index + 1),
    stop: 'empty_page',
    warnings: ['more_available', 'total_mismatch'],
  },
  {
    name: 'end where they are limited',
    step: AT_ONCE.replace('total }', 'total, max_pages: 5 }'),
    script: firstOf(5, 3),
    requests: pages(5),
    items: Array.from({ length: 17 }, (_, index) => index + 1),
    stop: 'max_pages',
    warnings: ['more_available'],
  },
  {
    name: 'are not gone on with where one of them was left out',
    step: AT_ONCE.replace('parallel', 'on_page_error: skip, parallel'),
    script: (request, count) =>
      request.query['page'] === '2' ? { status: 400, json: {} } : firstOf(4, 4)(request, count),
    requests: pages(5),
    items: [1, 2, 3, 4, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20],
    stop: 'total_reached',
    warnings: ['page_skipped', 'total_mismatch'],
  },
])

/** The same three items whatever is asked for, each with the time of the answer. */
const deaf: Answers = (_, count) => ({ json: { data: rows(1, 3).map((item) => ({ ...item, at: count })), total: 9 } })

wireSuite('pages whose items have the ids of an earlier page and other content', [
  {
    name: 'are told of, one after another',
    step: 'paginate: { type: page, items: data, stop: { max_pages: 3 } }',
    script: deaf,
    requests: pages(3),
    items: 9,
    stop: 'max_pages',
    warnings: ['repeated_page', 'more_available'],
    also: warned('repeated_page', /^the 3 items of page 2 have the ids of those of page 1, and other content/),
  },
  {
    name: 'are told of at once, too, where they add up to the total',
    step: AT_ONCE,
    script: deaf,
    requests: pages(3),
    items: 9,
    stop: 'total_reached',
    warnings: ['repeated_page'],
  },
  {
    name: 'are nothing where ids are not unique on a page, or one item is all',
    step: 'paginate: { type: page, items: data, stop: { max_pages: 4 } }',
    script: (_, count) => ({ json: { data: [{ id: 1, at: count }, ...(count > 1 ? [{ id: 1, at: -count }] : [])] } }),
    requests: pages(4),
    items: 6,
    stop: 'max_pages',
    warnings: ['more_available'],
  },
  {
    name: 'are what was asked for with loop_guard: token',
    step: 'paginate: { type: page, items: data, loop_guard: token, stop: { max_pages: 3 } }',
    script: deaf,
    requests: pages(3),
    items: 9,
    stop: 'max_pages',
    warnings: ['more_available'],
  },
])

wireSuite('a total that changes', [
  {
    name: 'because it counts what is left is reached when all came',
    step: 'paginate: { type: cursor, path: next, items: data, stop: { total_items_path: total } }',
    script: (_, count) => ({ json: { total: 6 - 2 * count, data: rows(count * 2 + 1, 2), next: `c${count}` } }),
    requests: ['/items', '/items?cursor=c0', '/items?cursor=c1'],
    items: [1, 2, 3, 4, 5, 6],
    stop: 'total_reached',
  },
  {
    name: 'because items went away that were behind is told, for others have moved up',
    step: 'paginate: { type: offset, limit: 2, items: data, stop: { total_items_path: total } }',
    script: ({ query }, count) => {
      const all = count === 0 ? rows(1, 6) : rows(2, 5)
      return { json: { total: all.length, data: all.slice(Number(query['offset'])).slice(0, 2) } }
    },
    requests: [0, 2, 4].map((offset) => `/items?offset=${offset}&limit=2`),
    items: [1, 2, 4, 5, 6],
    stop: 'total_reached',
    warnings: ['total_mismatch'],
    also: warned('total_mismatch', 'counts 5 items on page 2 and counted 6 before'),
  },
  {
    name: 'is nothing to a cursor',
    step: 'paginate: { type: cursor, path: next, items: data, stop: { total_items_path: total } }',
    script: (_, count) => ({ json: { total: [4, 3][count], data: rows(count * 2 + 1, 2 - count), next: `c${count}` } }),
    requests: ['/items', '/items?cursor=c0'],
    items: [1, 2, 3],
    stop: 'total_reached',
  },
])

/** Newest first, three a page, with as many new ones a request. */
const growing =
  (more: number): Answers =>
  ({ query }, count) => {
    const all = Array.from({ length: 7 + count * more }, (_, index) => ({ id: 7 + count * more - index }))
    const start = (Number(query['page']) - 1) * 3
    return { json: { data: all.slice(start, start + 3) } }
  }

wireSuite('pages that begin with items of the page before', [
  {
    name: 'because new ones come in at the front are told of, as dedupe is not set',
    step: 'paginate: { type: page, limit: 3, limit_param: n, items: data, stop: { short_page: true } }',
    script: growing(1),
    requests: pages(4).map((page) => `${page}&n=3`),
    items: [7, 6, 5, 5, 4, 3, 3, 2, 1, 1],
    stop: 'short_page',
    warnings: ['repeated_items'],
    also: warned('repeated_items', /^page 2 begins with 1 item of page 1, .* set `dedupe`/),
  },
  {
    name: 'are what dedupe is for',
    step: 'paginate: { type: page, limit: 3, limit_param: n, items: data, dedupe: id, stop: { short_page: true } }',
    script: growing(1),
    requests: pages(4).map((page) => `${page}&n=3`),
    items: [7, 6, 5, 4, 3, 2, 1],
    stop: 'short_page',
    warnings: ['duplicates_dropped'],
  },
  {
    name: 'because a bound includes its value are told of',
    step: `${BY_TIME} }`,
    script: tied(true, [1, 2, 3, 4, 5, 6]),
    requests: after(4, 6),
    items: [1, 2, 3, 4, 4, 5, 6, 6],
    stop: 'no_next',
    warnings: ['repeated_items'],
  },
  {
    name: 'are none where what is the same on a page has one id',
    step: 'paginate: { type: page, items: data, stop: { max_pages: 2 } }',
    script: (_, count) => ({ json: { data: [{ key: 'a' }, { key: 'b', count }, { key: 'a' }] } }),
    requests: pages(2),
    items: 6,
    stop: 'max_pages',
    warnings: ['more_available'],
  },
])
