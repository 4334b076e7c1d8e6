import { expect } from 'vitest'
import { offsets, paged, pages, rows, wireSuite, type Row } from './testing/suite'

const cursor = (name: string, first: unknown, second: string): Row => ({
  name: `${name} is a cursor`,
  step: 'paginate: { type: cursor, path: next, items: data }',
  script: [{ json: { data: rows(1, 2), next: first } }, { json: { data: rows(3, 1), next: null } }],
  requests: ['/items', `/items?cursor=${second}`],
  items: 3,
  stop: 'no_next',
})

wireSuite('page numbers', [
  {
    name: 'go on to an empty page where nothing tells the end',
    step: 'paginate: { type: page, items: data }',
    script: paged(25, 10),
    requests: pages(4),
    items: 25,
    stop: 'empty_page',
  },
  {
    name: 'stop at a short page when told to',
    step: 'paginate: { type: page, items: data, limit_param: size, limit: 10, stop: { short_page: true } }',
    script: paged(25, 10),
    requests: [1, 2, 3].map((page) => `/items?page=${page}&size=10`),
    items: 25,
    stop: 'short_page',
  },
  {
    name: 'that end with a status right after the API said that there is more tell of it',
    step: 'paginate: { type: page, items: data, stop: { has_more_path: more, status_codes: [404] } }',
    script: [{ json: { data: rows(1, 2), more: true } }, { json: { data: rows(3, 2), more: true } }, { status: 404 }],
    requests: pages(3),
    items: 4,
    stop: 'stop_status',
    warnings: ['more_available'],
  },
  {
    name: 'that end without a body right after the API said that there is more tell of it',
    step: 'paginate: { type: page, items: data, stop: { has_more_path: more } }',
    script: [{ json: { data: rows(1, 2), more: true } }, { status: 204 }],
    requests: pages(2),
    items: 2,
    stop: 'empty_page',
    warnings: ['more_available'],
  },
  {
    name: 'start at 0',
    step: 'paginate: { type: page, start: 0, items: data, stop: { max_pages: 2 } }',
    script: ({ query }) => ({ json: { data: rows(Number(query['page']) * 2, 2) } }),
    requests: ['/items?page=0', '/items?page=1'],
    items: 4,
    stop: 'max_pages',
    warnings: ['more_available'],
  },
  {
    name: 'leave the first number out when told to',
    step: 'paginate: { type: page, inject_first: false, items: data, stop: { has_more_path: more } }',
    script: paged(15, 10, (_, more) => ({ more })),
    requests: ['/items', '/items?page=2'],
    items: 15,
    stop: 'has_more_false',
  },
  {
    name: 'go into a header',
    step: 'paginate: { type: page, in: header, param: X-Page, items: data, stop: { max_pages: 2 } }',
    script: (_, count) => ({ json: { data: rows(count * 2, 2) } }),
    requests: ['/items', '/items'],
    items: 4,
    stop: 'max_pages',
    warnings: ['more_available'],
    also: (_, sent) => expect(sent.map(({ headers }) => headers['x-page'])).toEqual(['1', '2']),
  },
  {
    name: 'go into the path',
    step: `url: "{{ workload.api }}/items/{page}.json"
paginate: { type: page, in: path, items: data, stop: { total_pages_path: pages } }`,
    script: (_, count) => ({ json: { data: rows(count * 2, 2), pages: 3 } }),
    requests: ['/items/1.json', '/items/2.json', '/items/3.json'],
    items: 6,
    stop: 'total_reached',
  },
  {
    name: 'go into the path, where the first request has none and leaves its place out',
    step: `url: "{{ workload.api }}/items/{page}"
paginate: { type: page, in: path, inject_first: false, items: data, stop: { total_pages_path: pages } }`,
    script: (_, count) => ({ json: { data: rows(count * 2, 2), pages: 3 } }),
    requests: ['/items', '/items/2', '/items/3'],
    items: 6,
    stop: 'total_reached',
  },
  {
    name: 'go into a JSON body, deep, and leave the rest of it alone',
    step: `method: POST
json: { query: { q: x, paging: { size: 2 } } }
paginate: { type: page, in: json, param: query.paging.page, items: data, stop: { max_pages: 2 } }`,
    script: (_, count) => ({ json: { data: rows(count * 2, 2) } }),
    requests: [1, 2].map((page) => `POST /items {"query":{"q":"x","paging":{"size":2,"page":${page}}}}`),
    items: 4,
    stop: 'max_pages',
    warnings: ['more_available'],
  },
  {
    name: 'go into a form',
    step: `method: POST
form: { q: a b }
paginate: { type: page, in: form, items: data, stop: { max_pages: 2 } }`,
    script: (_, count) => ({ json: { data: rows(count * 2, 2) } }),
    requests: ['POST /items q=a%20b&page=1', 'POST /items q=a%20b&page=2'],
    items: 4,
    stop: 'max_pages',
    warnings: ['more_available'],
    also: (_, sent) => expect(sent[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded'),
  },
  {
    name: 'replace a page that is in the URL already',
    step: `url: "{{ workload.api }}/items?page=1&sort=id"
paginate: { type: page, items: data, stop: { has_more_path: more } }`,
    script: paged(15, 10, (_, more) => ({ more })),
    requests: ['/items?sort=id&page=1', '/items?sort=id&page=2'],
    items: 15,
    stop: 'has_more_false',
  },
  {
    name: 'are found out when the API ignores them',
    step: 'paginate: { type: page, param: p, items: data }',
    script: paged(25, 10),
    requests: ['/items?p=1', '/items?p=2'],
    items: 10,
    error: 'loop_detected',
    says: /same 10 items as page 1/,
  },
  {
    name: 'fetch the pages of a known total at once, results in order',
    step: 'paginate: { type: page, parallel: 3, items: data, stop: { total_items_path: total } }',
    script: ({ query }) => {
      const page = Number(query['page'])
      return { delayMs: page === 2 ? 30 : 0, json: { data: rows((page - 1) * 2 + 1, page === 4 ? 1 : 2), total: 7 } }
    },
    requests: pages(4),
    items: [1, 2, 3, 4, 5, 6, 7],
    stop: 'total_reached',
  },
  {
    name: 'notice a total that lies, in parallel too',
    step: 'paginate: { type: page, parallel: 2, items: data, stop: { total_items_path: total } }',
    script: ({ query }) => ({
      json: { data: rows(Number(query['page']) * 2, query['page'] === '3' ? 1 : 2), total: 6 },
    }),
    requests: pages(3),
    items: 5,
    stop: 'total_reached',
    warnings: ['total_mismatch'],
  },
])

wireSuite('offsets', [
  {
    name: 'at once lose no item of a page that the server caps, and bring none twice',
    step: 'paginate: { type: offset, limit: 4, parallel: 2, items: data, stop: { total_items_path: total } }',
    script: ({ query }) => {
      const start = Number(query['offset'])
      const size = [4, 1, 4, 4][[0, 4, 8, 12].indexOf(start)] ?? 4
      return { delayMs: start === 8 ? 60 : 0, json: { data: rows(start + 1, Math.min(size, 14 - start)), total: 14 } }
    },
    requests: [0, 4, 8, 5, 12].map((offset) => `/items?offset=${offset}&limit=4`),
    items: [1, 2, 3, 4, 5, 9, 10, 11, 12, 6, 7, 8, 13, 14],
    stop: 'total_reached',
    warnings: ['server_page_size_differs'],
  },
  {
    name: 'advance by what was received when the server caps the page',
    step: 'paginate: { type: offset, limit: 100, items: data, stop: { total_items_path: total } }',
    script: offsets(25, 10, () => ({ total: 25 })),
    requests: [0, 10, 20].map((offset) => `/items?offset=${offset}&limit=100`),
    items: 25,
    stop: 'total_reached',
    warnings: ['server_page_size_differs'],
  },
  {
    name: 'lose nothing when the page size changes on the way',
    step: 'paginate: { type: offset, limit: 10, items: data, stop: { has_more_path: more } }',
    script: ({ query }, count) => {
      const start = Number(query['offset'])
      const size = Math.min([10, 4, 7][count] ?? 10, 25 - start)
      return { json: { data: rows(start + 1, size), more: start + size < 25 } }
    },
    requests: [0, 10, 14, 21].map((offset) => `/items?offset=${offset}&limit=10`),
    items: Array.from({ length: 25 }, (_, index) => index + 1),
    stop: 'has_more_false',
  },
  {
    name: 'have names of their own and a start',
    step: 'paginate: { type: offset, param: skip, limit_param: take, limit: 5, start: 20, items: data, stop: { total_items_path: total } }',
    script: ({ query }) => ({
      json: { data: rows(Number(query['skip']), Math.min(5, 30 - Number(query['skip']))), total: 30 },
    }),
    requests: ['/items?skip=20&take=5', '/items?skip=25&take=5'],
    items: 10,
    stop: 'total_reached',
  },
  {
    name: 'end at an empty page, and say so when the total promised more',
    step: 'paginate: { type: offset, limit: 10, items: data, stop: { total_items_path: total } }',
    script: offsets(15, 10, () => ({ total: 20 })),
    requests: [0, 10, 15].map((offset) => `/items?offset=${offset}&limit=10`),
    items: 15,
    stop: 'empty_page',
    warnings: ['empty_page_before_total', 'more_available', 'total_mismatch'],
  },
])

wireSuite('cursors', [
  cursor('a text', 'abc', 'abc'),
  cursor('the number 0', 0, '0'),
  cursor('a number', 17, '17'),
  {
    name: 'a number larger than a double is a cursor, digit for digit',
    step: 'paginate: { type: cursor, path: next, items: data }',
    script: [{ text: '{"data":[{"id":1}],"next":12345678901234567890}' }, { json: { data: rows(2, 1), next: null } }],
    requests: ['/items', '/items?cursor=12345678901234567890'],
    items: 2,
    stop: 'no_next',
  },
  cursor('a text with signs', 'a+b/c=&d', 'a%2Bb%2Fc%3D%26d'),
  cursor('a text that looks like a template', '{{ 1 }}', '%7B%7B%201%20%7D%7D'),
  cursor('an object, as JSON', { after: 3 }, '%7B%22after%22%3A3%7D'),
  cursor('a text with letters beyond ASCII', 'größer', 'gr%C3%B6%C3%9Fer'),
  ...[null, '', false, []].map((end): Row => ({
    name: `${JSON.stringify(end)} ends them`,
    step: 'paginate: { type: cursor, path: next, items: data }',
    script: [{ json: { data: rows(1, 2), next: end } }],
    requests: ['/items'],
    items: 2,
    stop: 'no_next',
  })),
  {
    name: 'end on a value of their own',
    step: 'paginate: { type: cursor, path: next, end_values: ["END"], items: data }',
    script: [{ json: { data: rows(1, 2), next: 'a' } }, { json: { data: rows(3, 2), next: 'END' } }],
    requests: ['/items', '/items?cursor=a'],
    items: 4,
    stop: 'no_next',
  },
  {
    name: 'come out of a header',
    step: 'paginate: { type: cursor, header: X-Next, param: after, items: data }',
    script: [{ json: { data: rows(1, 2) }, headers: { 'x-next': 'b' } }, { json: { data: rows(3, 1) } }],
    requests: ['/items', '/items?after=b'],
    items: 3,
    stop: 'no_next',
  },
  {
    name: 'come out of a header in UTF-8',
    step: 'paginate: { type: cursor, header: X-Next, items: data }',
    script: [
      { json: { data: rows(1, 2) }, headers: { 'x-next': Buffer.from('größe').toString('latin1') } },
      { json: { data: rows(3, 1) } },
    ],
    requests: ['/items', '/items?cursor=gr%C3%B6%C3%9Fe'],
    items: 3,
    stop: 'no_next',
  },
  {
    name: 'come out of a header in Latin-1',
    step: 'paginate: { type: cursor, header: X-Next, items: data }',
    script: [{ json: { data: rows(1, 2) }, headers: { 'x-next': 'größe' } }, { json: { data: rows(3, 1) } }],
    requests: ['/items', '/items?cursor=gr%C3%B6%C3%9Fe'],
    items: 3,
    stop: 'no_next',
  },
  {
    name: 'go into the variables of a JSON body',
    step: `method: POST
json: { size: 2 }
paginate: { type: cursor, path: meta.next, in: json, param: page.after, items: data }`,
    script: [{ json: { data: rows(1, 2), meta: { next: 'n' } } }, { json: { data: rows(3, 1), meta: { next: null } } }],
    requests: ['POST /items {"size":2}', 'POST /items {"size":2,"page":{"after":"n"}}'],
    items: 3,
    stop: 'no_next',
  },
  {
    name: 'that repeat are a loop',
    step: 'paginate: { type: cursor, path: next, items: data }',
    script: (_, count) => ({ json: { data: rows(count * 2, 2), next: 'same' } }),
    requests: ['/items', '/items?cursor=same'],
    items: 2,
    error: 'loop_detected',
  },
  {
    name: 'that come round after three pages are a loop',
    step: 'paginate: { type: cursor, path: next, items: data }',
    script: (_, count) => ({ json: { data: rows(count * 2, 2), next: ['a', 'b', 'c', 'a'][count] } }),
    requests: ['/items', '/items?cursor=a', '/items?cursor=b', '/items?cursor=c'],
    items: 6,
    error: 'loop_detected',
  },
  {
    name: 'missing although the API says there is more are an error',
    step: 'paginate: { type: cursor, path: next, items: data, stop: { has_more_path: more } }',
    script: [{ json: { data: rows(1, 2), more: true } }],
    requests: ['/items'],
    items: 0,
    error: 'missing_cursor',
  },
  {
    name: 'are not needed once has_more is false',
    step: 'paginate: { type: cursor, path: next, items: data, stop: { has_more_path: more } }',
    script: [{ json: { data: rows(1, 2), more: false, next: 'trap' } }],
    requests: ['/items'],
    items: 2,
    stop: 'has_more_false',
  },
])

wireSuite('last records', [
  {
    name: 'continue after the last id',
    step: 'paginate: { type: last_record, field: id, param: after_id, items: data }',
    script: ({ query }) => ({
      json: { data: rows(Number(query['after_id'] ?? 0) + 1, query['after_id'] === '4' ? 0 : 2) },
    }),
    requests: ['/items', '/items?after_id=2', '/items?after_id=4'],
    items: 4,
    stop: 'no_next',
  },
  {
    name: 'continue by a field inside',
    step: 'paginate: { type: last_record, field: at.time, param: since, items: "$", stop: { max_pages: 2 } }',
    script: [{ json: [{ id: 1, at: { time: '2026-01-01T00:00:00Z' } }] }, { json: [{ id: 2, at: { time: 'x' } }] }],
    requests: ['/items', '/items?since=2026-01-01T00%3A00%3A00Z'],
    items: [1, 2],
    stop: 'max_pages',
    warnings: ['more_available'],
  },
  {
    name: 'without the field are an error',
    step: 'paginate: { type: last_record, field: key, param: after, items: data }',
    script: [{ json: { data: rows(1, 2) } }],
    requests: ['/items'],
    items: 0,
    error: 'missing_cursor',
    says: /no `key`/,
  },
  {
    name: 'keep a 64-bit id digit for digit',
    step: 'paginate: { type: last_record, field: id, param: after, items: data, stop: { max_pages: 2 } }',
    script: [{ text: '{"data":[{"id":9007199254740993}]}' }, { json: { data: rows(1, 1) } }],
    requests: ['/items', '/items?after=9007199254740993'],
    items: 2,
    stop: 'max_pages',
    warnings: ['more_available'],
  },
])

const QUERY = `method: POST
json: { query: "query($cursor: String) { … }", variables: { first: 2 } }`
const connection = (from: number, info: object | null, more: object = {}) => ({
  json: { data: { items: { nodes: rows(from, 2), pageInfo: info } }, ...more },
})
const asked = (variables: object): string =>
  `POST /items ${JSON.stringify({ query: 'query($cursor: String) { … }', variables })}`

wireSuite('GraphQL', [
  {
    name: 'goes on by endCursor',
    step: `${QUERY}
paginate: { type: graphql, page_info: data.items.pageInfo, items: data.items.nodes }`,
    script: [
      connection(1, { hasNextPage: true, endCursor: 'c1' }),
      connection(3, { hasNextPage: false, endCursor: 'c2' }),
    ],
    requests: [asked({ first: 2 }), asked({ first: 2, cursor: 'c1' })],
    items: 4,
    stop: 'has_more_false',
  },
  {
    name: 'goes back by startCursor',
    step: `${QUERY}
paginate: { type: graphql, backward: true, page_info: data.items.pageInfo, items: data.items.nodes }`,
    script: [
      connection(1, { hasPreviousPage: true, startCursor: 's1' }),
      connection(3, { hasPreviousPage: false, startCursor: null }),
    ],
    requests: [asked({ first: 2 }), asked({ first: 2, cursor: 's1' })],
    items: 4,
    stop: 'has_more_false',
  },
  {
    name: 'says what is missing without pageInfo',
    step: `${QUERY}
paginate: { type: graphql, page_info: data.items.pageInfo, items: data.items.nodes }`,
    script: [connection(1, null)],
    requests: [asked({ first: 2 })],
    items: 0,
    error: 'missing_page_info',
  },
  {
    name: 'has a next page and no cursor: an error',
    step: `${QUERY}
paginate: { type: graphql, page_info: data.items.pageInfo, items: data.items.nodes }`,
    script: [connection(1, { hasNextPage: true, endCursor: null })],
    requests: [asked({ first: 2 })],
    items: 0,
    error: 'missing_cursor',
  },
  {
    name: 'has errors and no data in a good answer: an error',
    step: `${QUERY}
paginate: { type: graphql, page_info: data.items.pageInfo, items: data.items.nodes }`,
    script: [{ json: { data: null, errors: [{ message: 'no such field' }] } }],
    requests: [asked({ first: 2 })],
    items: 0,
    error: 'graphql_errors',
    says: /no such field/,
  },
  {
    name: 'has errors beside its data: a warning',
    step: `${QUERY}
paginate: { type: graphql, page_info: data.items.pageInfo, items: data.items.nodes }`,
    script: [connection(1, { hasNextPage: false, endCursor: null }, { errors: [{ message: 'partial' }] })],
    requests: [asked({ first: 2 })],
    items: 2,
    stop: 'has_more_false',
    warnings: ['graphql_partial'],
  },
])
