import { expect } from 'vitest'
import { pages, rows, warned, wireSuite, type Row } from './testing/suite'

wireSuite('an end that the answer speaks against in a place that is not read', [
  {
    name: 'because the path of the cursor is misspelt',
    step: 'paginate: { type: cursor, path: meta.nxt, items: data }',
    script: [{ json: { data: rows(1, 2), meta: { next: 'a' } } }],
    requests: ['/items'],
    items: 2,
    stop: 'no_next',
    warnings: ['more_available'],
    also: warned('more_available', /`meta.next` is "a" \(`path`\)$/),
  },
  {
    name: 'by a flag and a total',
    step: 'paginate: { type: link, items: data }',
    script: [{ json: { data: rows(1, 2), total: 10, has_more: true } }],
    requests: ['/items'],
    items: 2,
    stop: 'no_next',
    warnings: ['more_available'],
    also: warned('more_available', /`has_more` is true .*; `total` is 10 where 2 came/),
  },
  {
    name: 'because an API gives no more than its window',
    step: 'paginate: { type: page, items: hits, stop: { total_pages_path: nbPages } }',
    script: ({ query }) => ({ json: { hits: rows(Number(query['page']) * 2, 2), nbPages: 2, meta: { total: 9 } } }),
    requests: pages(2),
    items: 4,
    stop: 'total_reached',
    warnings: ['more_available'],
  },
  {
    name: 'by a header',
    step: 'paginate: { type: page, items: data }',
    script: [
      { json: { data: rows(1, 2) }, headers: { 'x-total-count': '5' } },
      { json: { data: [] }, headers: { 'x-total-count': '5' } },
    ],
    requests: pages(2),
    items: 2,
    stop: 'empty_page',
    warnings: ['more_available'],
  },
  {
    name: 'is none where it counts what came, or something else, or the token read is an end value',
    step: 'paginate: { type: cursor, path: next, end_values: [END], items: data }',
    script: [
      {
        json: { data: rows(1, 2), next: 'END', total: 2, count: 2, has_more: false, facets: { count: 9, total: 9 } },
        headers: { link: '</items>; rel="first"' },
      },
    ],
    requests: ['/items'],
    items: 2,
    stop: 'no_next',
  },
  {
    name: 'is none where one page is all that was asked for',
    step: 'paginate: { type: none, items: data }',
    script: [{ json: { data: rows(1, 2), has_more: true } }],
    requests: ['/items'],
    items: 2,
    stop: 'single_page',
  },
])

wireSuite('numbered pages, one of them shorter than the first', [
  {
    name: 'and others after it may have lost items in between, which is told',
    step: 'paginate: { type: page, items: data, stop: { has_more_path: more } }',
    script: ({ query }) => {
      const page = Number(query['page'])
      return { json: { more: page < 4, data: rows(page * 10, page === 2 ? 2 : 3) } }
    },
    requests: pages(4),
    items: 11,
    stop: 'has_more_false',
    warnings: ['server_page_size_differs'],
    also: warned('server_page_size_differs', /^page 2 has 2 items where page 1 had 3, and page 3 goes on/),
  },
  {
    name: 'at the end is the last one',
    step: 'paginate: { type: page, items: data }',
    script: ({ query }) => ({
      json: { data: rows(Number(query['page']) * 10, [3, 3, 1, 0][Number(query['page']) - 1] ?? 0) },
    }),
    requests: pages(4),
    items: 7,
    stop: 'empty_page',
  },
])

wireSuite('a good answer that says of itself that it is not whole', [
  {
    name: 'by errors beside its items',
    step: 'paginate: { type: page, items: data, stop: { has_more_path: more } }',
    script: [{ json: { data: [], more: false, errors: [{ message: 'shard 3 is down' }] } }],
    requests: pages(1),
    items: 0,
    stop: 'has_more_false',
    warnings: ['partial_answer'],
    also: warned('partial_answer', /^page 1 is a good answer, but has `errors`: .*shard 3 is down/),
  },
  {
    name: 'as search engines say it',
    step: 'paginate: { type: offset, limit: 2, items: hits.hits, stop: { total_items_path: hits.total.value } }',
    script: (_, count) => ({
      json: {
        timed_out: count === 0,
        _shards: { total: 2, failed: count },
        hits: { total: { value: 4 }, hits: rows(count * 2, 2) },
      },
    }),
    requests: [0, 2].map((offset) => `/items?offset=${offset}&limit=2`),
    items: 4,
    stop: 'total_reached',
    warnings: ['partial_answer'],
    also: warned('partial_answer', 'has `timed_out`: true; items may be missing'),
  },
  {
    name: 'is what fail_when says that it is',
    step: 'fail_when: "{{ response.errors | length > 9 }}"\npaginate: { type: none, items: data }',
    script: [{ json: { data: rows(1, 2), errors: [{ message: 'x' }] } }],
    requests: ['/items'],
    items: 2,
    stop: 'single_page',
  },
  {
    name: 'is whole with such names and nothing in them',
    step: 'paginate: { type: none, items: data }',
    script: [{ json: { data: rows(1, 2), errors: [], error: { code: 0 }, timed_out: false, _shards: { failed: 0 } } }],
    requests: ['/items'],
    items: 2,
    stop: 'single_page',
  },
])

wireSuite('a next URL that leaves out what was asked for', [
  {
    name: 'and only counts leads to other items, which is told',
    step: 'params: { status: open, per_page: 2 }\npaginate: { type: next_url, path: next, items: data }',
    script: [{ json: { data: rows(1, 2), next: '/items?page=2' } }, { json: { data: rows(3, 1), next: null } }],
    requests: ['/items?status=open&per_page=2', '/items?page=2'],
    items: 3,
    stop: 'no_next',
    warnings: ['params_left_out'],
    also: warned('params_left_out', /^the next URL of page 1 has no `status`, which/),
  },
  {
    name: 'is complete where a token may hold it, or another path',
    step: 'params: { status: open }\npaginate: { type: next_url, path: next, items: data }',
    script: [
      { json: { data: rows(1, 2), next: '/items?cursor=b3BlbjoyMA' } },
      { json: { data: rows(3, 1), next: '/open/3?page=3' } },
      { json: { data: rows(4, 1), next: null } },
    ],
    requests: ['/items?status=open', '/items?cursor=b3BlbjoyMA', '/open/3?page=3'],
    items: 4,
    stop: 'no_next',
  },
])

wireSuite('a total that is a lower bound', [
  {
    name: 'as Elasticsearch gives it is no end',
    step: 'paginate: { type: offset, limit: 2, items: hits.hits, stop: { total_items_path: hits.total.value } }',
    script: ({ query }) => {
      const start = Number(query['offset'])
      return { json: { hits: { total: { value: 4, relation: 'gte' }, hits: rows(start, Math.min(2, 6 - start)) } } }
    },
    requests: [0, 2, 4, 6].map((offset) => `/items?offset=${offset}&limit=2`),
    items: 6,
    stop: 'empty_page',
  },
  {
    name: 'is none where it is exact',
    step: 'paginate: { type: offset, limit: 2, items: hits.hits, stop: { total_items_path: hits.total.value } }',
    script: ({ query }) => ({
      json: { hits: { total: { value: 4, relation: 'eq' }, hits: rows(Number(query['offset']), 2) } },
    }),
    requests: [0, 2].map((offset) => `/items?offset=${offset}&limit=2`),
    items: 4,
    stop: 'total_reached',
  },
])

/** Goes on by an offset, which the template says. */
const callOn = (offset: string): string => `params: { offset: 0, limit: 4 }
retry:
  on_success:
    while: "{{ response.more }}"
    next_call: { params: { offset: "{{ ${offset} }}" } }
    collect: { path: data }`
const capped: Row['script'] = ({ query }) => {
  const offset = Number(query['offset'])
  return { json: { offset, limit: 4, more: offset + 3 < 7, data: rows(offset + 1, Math.min(3, 7 - offset)) } }
}

wireSuite('a next_call that counts an offset', [
  {
    name: 'by the size asked for passes over what a capped page left out, which is told',
    step: callOn('response.offset + response.limit'),
    script: capped,
    requests: [0, 4].map((offset) => `/items?offset=${offset}&limit=4`),
    items: [1, 2, 3, 5, 6, 7],
    stop: 'while_false',
    warnings: ['server_page_size_differs'],
    also: warned('server_page_size_differs', 'page 1 has 3 items and `next_call` moves `offset` from 0 to 4'),
  },
  {
    name: 'passes over nothing that can be seen where each page is kept as a whole',
    step: callOn('response.offset + response.limit').replace('path: data', 'path: "", strategy: collect'),
    script: ({ query }) => ({
      json: { offset: Number(query['offset']), limit: 4, more: query['offset'] === '0', data: [], total: 9 },
    }),
    requests: [0, 4].map((offset) => `/items?offset=${offset}&limit=4`),
    items: 2,
    stop: 'while_false',
  },
  {
    name: 'by the items that came passes over nothing',
    step: callOn('response.offset + (response.data | length)'),
    script: capped,
    requests: [0, 3, 6].map((offset) => `/items?offset=${offset}&limit=4`),
    items: [1, 2, 3, 4, 5, 6, 7],
    stop: 'while_false',
  },
])

wireSuite('a window beyond which an API refuses', [
  {
    name: 'fails with what to do',
    step: 'paginate: { type: page, items: data }',
    script: [{ json: { data: rows(1, 2) } }, { status: 422, json: { message: 'only the first 1000' } }],
    requests: pages(2),
    items: 2,
    error: 'http_error',
    also: ({ state }) => expect(state.status === 'failed' && state.error.hint).toContain('ask for less at once'),
  },
])
