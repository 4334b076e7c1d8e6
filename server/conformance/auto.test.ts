import { expect } from 'vitest'
import { isObject } from '@/domain/pagination/item-path'
import { offsets, paged, rows, wireSuite, type Row } from './testing/suite'

const AUTO = 'paginate: { type: auto }'

/** What the last page's event says about the choice. */
const chose =
  (choice: object, proved = true): NonNullable<Row['also']> =>
  ({ events }) => {
    const fetched = events.filter(({ event_type }) => event_type === 'page_fetched')
    const notes = fetched.flatMap(({ context }) => (isObject(context['next']) ? [context['next']['auto']] : []))
    expect(notes.filter((note) => note !== undefined).at(-1)).toMatchObject({ choice, proved })
  }
const all = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

const GOES_ON: Row[] = [
  {
    name: 'by the Link header',
    step: AUTO,
    script: [
      { json: rows(1, 2), headers: { link: '</items?p=2>; rel="next", </items?p=3>; rel="last"' } },
      { json: rows(3, 2), headers: { link: '</items?p=3>; rel="next"' } },
      { json: rows(5, 1), headers: { link: '</items?p=1>; rel="first"' } },
    ],
    requests: ['/items', '/items?p=2', '/items?p=3'],
    items: all(5),
    stop: 'no_next',
    also: chose({ type: 'link' }),
  },
  {
    name: 'by a next URL in the body',
    step: AUTO,
    script: [
      { json: { count: 5, next: 'API:/items?page=2', previous: null, results: rows(1, 3) } },
      { json: { count: 5, next: null, previous: 'API:/items', results: rows(4, 2) } },
    ],
    requests: ['/items', '/items?page=2'],
    items: all(5),
    stop: 'total_reached',
    also: chose({ type: 'next_url', path: 'next', stop: { total_items_path: 'count' } }),
  },
  {
    name: 'by an OData next link, whose key has a dot',
    step: AUTO,
    script: [{ json: { value: rows(1, 2), '@odata.nextLink': '/items?$skip=2' } }, { json: { value: rows(3, 1) } }],
    requests: ['/items', '/items?$skip=2'],
    items: all(3),
    stop: 'no_next',
    also: chose({ type: 'next_url', path: "['@odata.nextLink']" }),
  },
  {
    name: 'by a HAL link',
    step: AUTO,
    script: [
      { json: { data: rows(1, 2), _links: { self: { href: '/items' }, next: { href: '/items?after=2' } } } },
      { json: { data: rows(3, 1), _links: { self: { href: '/items?after=2' } } } },
    ],
    requests: ['/items', '/items?after=2'],
    items: all(3),
    stop: 'no_next',
    also: chose({ type: 'next_url', path: '_links.next.href' }),
  },
  {
    name: 'by next_cursor, sent as cursor',
    step: AUTO,
    script: [
      { json: { events: rows(1, 2), next_cursor: 'abc' } },
      { json: { events: rows(3, 2), next_cursor: 'def' } },
      { json: { events: rows(5, 1), next_cursor: null } },
    ],
    requests: ['/items', '/items?cursor=abc', '/items?cursor=def'],
    items: all(5),
    stop: 'no_next',
    also: chose({ type: 'cursor', path: 'next_cursor', param: 'cursor' }),
  },
  {
    name: 'by nextPageToken, sent as pageToken',
    step: `params: { maxResults: 2 }\n${AUTO}`,
    script: ({ query }) =>
      query['pageToken'] === 't2'
        ? { json: { items: rows(3, 1) } }
        : { json: { items: rows(1, 2), nextPageToken: 't2' } },
    requests: ['/items?maxResults=2', '/items?maxResults=2&pageToken=t2'],
    items: all(3),
    stop: 'no_next',
    also: chose({ type: 'cursor', path: 'nextPageToken', param: 'pageToken' }),
  },
  {
    name: 'by a token that goes under its own name, after the first guess is refused',
    step: AUTO,
    script: ({ query }) =>
      query['next_cursor'] === 'abc'
        ? { json: { data: rows(3, 1), next_cursor: null } }
        : { json: { data: rows(1, 2), next_cursor: 'abc' } },
    requests: ['/items', '/items?cursor=abc', '/items?next_cursor=abc'],
    items: all(3),
    stop: 'no_next',
    also: (result, requests) => {
      chose({ type: 'cursor', path: 'next_cursor', param: 'next_cursor' })(result, requests)
      expect(result.attempts).toHaveLength(1)
      expect(result.events.map(({ event_type, attempt }) => `${event_type} ${attempt}`)).toEqual([
        'page_fetched 1',
        'page_retry 1',
        'page_fetched 2',
      ])
    },
  },
  {
    name: 'by a cursor in a header',
    step: AUTO,
    script: [{ json: rows(1, 2), headers: { 'x-next-cursor': 'q' } }, { json: rows(3, 1) }],
    requests: ['/items', '/items?cursor=q'],
    items: all(3),
    stop: 'no_next',
    also: chose({ type: 'cursor', header: 'x-next-cursor', param: 'cursor' }),
  },
  {
    name: 'by a cursor in the JSON body of a POST',
    step: `method: POST\njson: { size: 2 }\n${AUTO}`,
    script: [
      { json: { data: rows(1, 2), meta: { next_cursor: 'n' } } },
      { json: { data: rows(3, 1), meta: { next_cursor: null } } },
    ],
    requests: ['POST /items {"size":2}', 'POST /items {"size":2,"cursor":"n"}'],
    items: all(3),
    stop: 'no_next',
    also: chose({ type: 'cursor', in: 'json', path: 'meta.next_cursor', param: 'cursor' }),
  },
  {
    name: 'by the page number of a form',
    step: `method: POST\nform: { q: x, page: 1 }\n${AUTO}`,
    script: ({ body }) => {
      const page = Number(new URLSearchParams(body).get('page'))
      return { json: { data: rows(page * 2 - 1, 2), total: 6 } }
    },
    requests: [1, 2, 3].map((page) => `POST /items q=x&page=${page}`),
    items: all(6),
    stop: 'total_reached',
    also: chose({ type: 'page', in: 'form', param: 'page', start: 1 }),
  },
  {
    name: 'by the page number inside a JSON body',
    step: `method: POST\njson: { query: { q: x, page: 1 } }\n${AUTO}`,
    script: ({ body }) => {
      const { page } = JSON.parse(body).query
      return { json: { data: rows(page * 2 - 1, 2), total: 6 } }
    },
    requests: [1, 2, 3].map((page) => `POST /items {"query":{"q":"x","page":${page}}}`),
    items: all(6),
    stop: 'total_reached',
    also: chose({ type: 'page', in: 'json', param: 'query.page', start: 1 }),
  },
  {
    name: 'by the page number in that element of a list of a JSON body that moves the items',
    step: `method: POST\njson: { requests: [{ page: 0 }, { page: 0 }] }
paginate: { type: auto, items: "results[1].hits" }`,
    script: ({ body }) => {
      const { requests } = JSON.parse(body)
      return {
        json: { total: 4, results: [{ hits: rows(90, 2) }, { hits: rows(requests[1].page * 2 + 1, 2) }] },
      }
    },
    requests: [
      'POST /items {"requests":[{"page":0},{"page":0}]}',
      'POST /items {"requests":[{"page":1},{"page":0}]}',
      'POST /items {"requests":[{"page":0},{"page":1}]}',
    ],
    items: all(4),
    stop: 'total_reached',
    also: chose({ type: 'page', in: 'json', param: 'requests[1].page', start: 0 }),
  },
  {
    name: 'by the offset inside a JSON body, and not by the bounds of a filter there',
    step: `method: POST\njson: { filter: { price: { from: 0, to: 9 } }, paging: { from: 0, size: 2 } }\n${AUTO}`,
    script: ({ body }) => {
      const { filter, paging } = JSON.parse(body)
      return { json: { data: rows(paging.from + 1 + filter.price.from * 100, Math.min(2, 5 - paging.from)), total: 5 } }
    },
    requests: [0, 2, 4].map(
      (from) => `POST /items {"filter":{"price":{"from":0,"to":9}},"paging":{"from":${from},"size":2}}`,
    ),
    items: all(5),
    stop: 'total_reached',
    also: chose({ type: 'offset', in: 'json', param: 'paging.from', start: 0 }),
  },
  {
    name: 'by a cursor that a JSON body sends without a value',
    step: `method: POST\njson: { filter: { cursor: x }, paging: { cursor: null } }\n${AUTO}`,
    script: ({ body }) => {
      const { filter, paging } = JSON.parse(body)
      if (filter.cursor !== 'x') return { status: 400, json: {} }
      return paging.cursor === 'n'
        ? { json: { data: rows(3, 1), next_cursor: null } }
        : { json: { data: rows(1, 2), next_cursor: 'n' } }
    },
    requests: [
      'POST /items {"filter":{"cursor":"x"},"paging":{"cursor":null}}',
      'POST /items {"filter":{"cursor":"n"},"paging":{"cursor":null}}',
      'POST /items {"filter":{"cursor":"x"},"paging":{"cursor":"n"}}',
    ],
    items: all(3),
    stop: 'no_next',
    also: chose({ type: 'cursor', in: 'json', path: 'next_cursor', param: 'paging.cursor' }),
  },
  {
    name: 'by a cursor beside the page size inside a JSON body',
    step: `method: POST\njson: { options: { top: 2, pageSize: 2 } }\n${AUTO}`,
    script: ({ body }) =>
      JSON.parse(body).options.cursor === 'n'
        ? { json: { data: rows(3, 1), next_cursor: null } }
        : { json: { data: rows(1, 2), next_cursor: 'n' } },
    requests: [
      'POST /items {"options":{"top":2,"pageSize":2}}',
      'POST /items {"options":{"top":2,"pageSize":2,"cursor":"n"}}',
    ],
    items: all(3),
    stop: 'no_next',
    also: chose({ type: 'cursor', in: 'json', path: 'next_cursor', param: 'options.cursor' }),
  },
  {
    name: 'by a cursor in a form',
    step: `method: POST\nform: { limit: 2 }\n${AUTO}`,
    script: ({ body }) =>
      new URLSearchParams(body).get('cursor') === 'n'
        ? { json: { data: rows(3, 1), next_cursor: null } }
        : { json: { data: rows(1, 2), next_cursor: 'n' } },
    requests: ['POST /items limit=2', 'POST /items limit=2&cursor=n'],
    items: all(3),
    stop: 'no_next',
    also: chose({ type: 'cursor', in: 'form', path: 'next_cursor', param: 'cursor' }),
  },
  {
    name: 'by a page number in the query although the request has a JSON body',
    step: `method: POST\njson: { q: x }\n${AUTO}`,
    script: ({ query }) => {
      const page = Number(query['page'] ?? 1)
      return { json: { data: rows(page * 2 - 1, 2), page, total: 4 } }
    },
    requests: ['POST /items {"q":"x"}', 'POST /items {"q":"x","page":2}', 'POST /items?page=2 {"q":"x"}'],
    items: all(4),
    stop: 'total_reached',
    also: chose({ type: 'page', param: 'page', start: 1 }),
  },
  {
    name: 'by a token that reads as the page size does',
    step: `method: POST\njson: { limit: 2, after: 0 }\n${AUTO}`,
    script: ({ body }) =>
      Number(JSON.parse(body).after) === 2
        ? { json: { results: rows(3, 1), total: 3 } }
        : { json: { results: rows(1, 2), total: 3, paging: { next: { after: '2' } } } },
    requests: ['POST /items {"limit":2,"after":0}', 'POST /items {"limit":2,"after":"2"}'],
    items: all(3),
    stop: 'total_reached',
    also: chose({ type: 'cursor', in: 'json', path: 'paging.next.after', param: 'after' }),
  },
  {
    name: 'where the author says that the token goes',
    step: 'headers: { x: 1 }\npaginate: { type: auto, in: header }',
    script: ({ headers }) =>
      headers['cursor'] === 'n'
        ? { json: { data: rows(3, 1), next_cursor: null } }
        : { json: { data: rows(1, 2), next_cursor: 'n' } },
    requests: ['/items', '/items'],
    items: all(3),
    stop: 'no_next',
    also: chose({ type: 'cursor', in: 'header', path: 'next_cursor', param: 'cursor' }),
  },
  {
    name: 'by GraphQL pageInfo and the variable that the query names',
    step: `method: POST
json: { query: "query Q($c: String) { items(first: 2, after: $c) { nodes { id } } }" }
paginate: { type: auto, items: data.items.nodes }`,
    script: [
      { json: { data: { items: { nodes: rows(1, 2), pageInfo: { hasNextPage: true, endCursor: 'e1' } } } } },
      { json: { data: { items: { nodes: rows(3, 1), pageInfo: { hasNextPage: false, endCursor: 'e2' } } } } },
    ],
    requests: [
      'POST /items {"query":"query Q($c: String) { items(first: 2, after: $c) { nodes { id } } }"}',
      'POST /items {"query":"query Q($c: String) { items(first: 2, after: $c) { nodes { id } } }","variables":{"c":"e1"}}',
    ],
    items: all(3),
    stop: 'has_more_false',
    also: chose({ type: 'graphql', page_info: 'data.items.pageInfo', param: 'variables.c' }),
  },
  {
    name: 'by the page number that is echoed',
    step: AUTO,
    script: paged(25, 10, (page, more) => ({ paging: { page, pageSize: 10, hasMore: more, total: 25 } })),
    requests: ['/items', '/items?page=2', '/items?page=3'],
    items: all(25),
    stop: 'has_more_false',
    also: chose({
      type: 'page',
      param: 'page',
      start: 1,
      stop: { has_more_path: 'paging.hasMore', total_items_path: 'paging.total' },
    }),
  },
  {
    name: 'by page numbers from 0',
    step: AUTO,
    script: ({ query }) => {
      const number = Number(query['page'] ?? 0)
      return { json: { content: rows(number * 2 + 1, 2), number, size: 2, totalPages: 3, totalElements: 6 } }
    },
    requests: ['/items', '/items?page=1', '/items?page=2'],
    items: all(6),
    stop: 'total_reached',
    also: chose({ type: 'page', param: 'page', start: 0 }),
  },
  {
    name: 'by the page number that the playbook sends',
    step: `params: { p: x, pageNumber: 1 }\n${AUTO}`,
    script: ({ query }) => {
      const number = Number(query['pageNumber'])
      return { json: { rows: rows(number * 2 - 1, 2), total: 6 } }
    },
    requests: [1, 2, 3].map((page) => `/items?p=x&pageNumber=${page}`),
    items: all(6),
    stop: 'total_reached',
    also: chose({ type: 'page', param: 'pageNumber', start: 1 }),
  },
  {
    name: 'by the offset that is echoed',
    step: AUTO,
    script: offsets(25, 10, (offset, has_more) => ({ offset, limit: 10, has_more, total: 25 })),
    requests: ['/items', '/items?offset=10', '/items?offset=20'],
    items: all(25),
    stop: 'has_more_false',
    also: chose({ type: 'offset', param: 'offset', start: 0 }),
  },
  {
    name: 'by an offset under another name',
    step: `params: { $top: 2 }\n${AUTO}`,
    script: ({ query }) => {
      const skip = Number(query['skip'] ?? 0)
      return { json: { data: rows(skip + 1, Math.min(2, 5 - skip)), meta: { skip, totalCount: 5 } } }
    },
    requests: ['/items?%24top=2', '/items?%24top=2&skip=2', '/items?%24top=2&skip=4'],
    items: all(5),
    stop: 'total_reached',
    also: chose({ type: 'offset', param: 'skip' }),
  },
  {
    name: 'by a total in a header alone, with the usual names',
    step: AUTO,
    script: ({ query }) => {
      const page = Number(query['page'] ?? 1)
      return { json: rows(page * 2 - 1, 2), headers: { 'x-total-count': '4' } }
    },
    requests: ['/items', '/items?page=1', '/items?page=2'],
    items: all(4),
    stop: 'total_reached',
    also: chose({ type: 'page', param: 'page', start: 1, stop: { total_items_header: 'x-total-count' } }),
  },
  ...(['true', 1] as const).map((yes): Row => ({
    name: `by a flag that is ${JSON.stringify(yes)}`,
    step: AUTO,
    script: ({ query }) => {
      const page = Number(query['page'] ?? 1)
      const flags = { true: 'false', 1: 0 }
      return { json: { data: rows(page * 2 - 1, 2), page, has_more: page < 3 ? yes : flags[yes] } }
    },
    requests: ['/items', '/items?page=2', '/items?page=3'],
    items: all(6),
    stop: 'has_more_false',
    also: chose({ type: 'page', param: 'page', start: 1, stop: { has_more_path: 'has_more' } }),
  })),
  {
    name: 'past a page that the server caps below the size asked for, and does not say so',
    step: `params: { limit: 500 }\n${AUTO}`,
    script: ({ query }) => {
      const start = Number(query['offset'] ?? 0)
      return { json: rows(start + 1, Math.min(100, 130 - start)) }
    },
    requests: [
      '/items?limit=500',
      '/items?limit=500&page=1',
      '/items?limit=500&page=2',
      '/items?limit=500&offset=100',
      '/items?limit=500&offset=130',
    ],
    items: all(130),
    stop: 'empty_page',
    also: chose({ type: 'offset', param: 'offset' }),
  },
  {
    name: 'past a page that the server caps below the size asked for, and says so',
    step: `params: { limit: 500 }\n${AUTO}`,
    script: ({ query }) => {
      const start = Number(query['offset'] ?? 0)
      return { json: { data: rows(start + 1, Math.min(3, 5 - start)), limit: 3, offset: start } }
    },
    requests: ['/items?limit=500', '/items?limit=500&offset=3', '/items?limit=500&offset=5'],
    items: all(5),
    stop: 'empty_page',
    also: chose({ type: 'offset', param: 'offset' }),
  },
  {
    name: 'by a token that is an object (DynamoDB)',
    step: `method: POST\njson: { TableName: t }\n${AUTO}`,
    script: [
      { json: { Items: rows(1, 2), Count: 2, LastEvaluatedKey: { id: { N: '2' } } } },
      { json: { Items: rows(3, 1), Count: 1 } },
    ],
    requests: ['POST /items {"TableName":"t"}', 'POST /items {"TableName":"t","ExclusiveStartKey":{"id":{"N":"2"}}}'],
    items: all(3),
    stop: 'no_next',
    also: chose({ type: 'cursor', in: 'json', path: 'LastEvaluatedKey', param: 'ExclusiveStartKey' }),
  },
  {
    name: 'by what stands beside the items in an element of a list',
    step: `method: POST\njson: { requests: [{ q: x, page: 0 }] }
paginate: { type: auto, items: "results[0].hits" }`,
    script: ({ body }) => {
      const [{ page }] = JSON.parse(body).requests
      return { json: { results: [{ hits: rows(page * 2 + 1, 2), page, nbPages: 3 }] } }
    },
    requests: [0, 1, 2].map((page) => `POST /items {"requests":[{"q":"x","page":${page}}]}`),
    items: all(6),
    stop: 'total_reached',
    also: chose({
      type: 'page',
      in: 'json',
      param: 'requests[0].page',
      start: 0,
      stop: { total_pages_path: 'results[0].nbPages' },
    }),
  },
  {
    name: 'by a total that is an object (Elasticsearch)',
    step: `method: POST\njson: { from: 0, size: 2 }\npaginate: { type: auto, items: hits.hits }`,
    script: ({ body }) => {
      const { from } = JSON.parse(body)
      const hits = rows(from + 1, Math.min(2, 5 - from))
      return { json: { hits: { total: { value: 5, relation: 'eq' }, hits } } }
    },
    requests: [0, 2, 4].map((from) => `POST /items {"from":${from},"size":2}`),
    items: all(5),
    stop: 'total_reached',
    also: chose({ type: 'offset', in: 'json', param: 'from', stop: { total_items_path: 'hits.total.value' } }),
  },
  {
    name: 'by page numbers from 0 that nothing names, without leaving one out',
    step: AUTO,
    script: ({ query }) => {
      const page = Number(query['page'] ?? 0)
      return { json: { data: rows(page * 2 + 1, 2), more: page < 2 } }
    },
    requests: ['/items', '/items?starting_after=2', '/items?after=2', '/items?page=1', '/items?page=2'],
    items: all(6),
    stop: 'has_more_false',
    also: chose({ type: 'page', param: 'page', start: 0 }),
  },
  {
    name: 'by the next page that a header names',
    step: AUTO,
    script: ({ query }) =>
      Number(query['page'] ?? 1) === 1
        ? { json: rows(1, 2), headers: { 'x-next-page': '2' } }
        : { json: rows(3, query['page'] === '2' ? 1 : 0), headers: { 'x-next-page': '' } },
    requests: ['/items', '/items?page=2', '/items?page=3'],
    items: all(3),
    stop: 'empty_page',
    also: chose({ type: 'page', param: 'page' }),
  },
  {
    name: 'by the last id where only a flag says that there is more',
    step: AUTO,
    script: ({ query }) => {
      const after = Number(query['starting_after'] ?? 0)
      return { json: { object: 'list', data: rows(after + 1, Math.min(2, 5 - after)), has_more: after + 2 < 5 } }
    },
    requests: ['/items', '/items?starting_after=2', '/items?starting_after=4'],
    items: all(5),
    stop: 'has_more_false',
    also: chose({ type: 'last_record', field: 'id', param: 'starting_after' }),
  },
  {
    name: 'and keeps only the stop rules that page 2 has as well',
    step: AUTO,
    script: [
      { json: { data: rows(1, 2), next_cursor: 'a', has_more: true, total: 3 } },
      { json: { data: rows(3, 1), next_cursor: null, total: 3 } },
    ],
    requests: ['/items', '/items?cursor=a'],
    items: all(3),
    stop: 'total_reached',
    warnings: [],
    also: ({ events }) => expect(JSON.stringify(events.at(-1)?.context)).not.toContain('has_more_path'),
  },
  {
    name: 'past a page that fails for a while',
    step: AUTO,
    script: [
      { json: { data: rows(1, 2), next_cursor: 'a' } },
      { status: 503, json: {} },
      { json: { data: rows(3, 1), next_cursor: null } },
    ],
    requests: ['/items', '/items?cursor=a', '/items?cursor=a'],
    items: all(3),
    stop: 'no_next',
    waits: [1_000],
  },
  {
    name: 'with what the author says beside it',
    step: 'paginate: { type: auto, items: list, interval: 1.5, dedupe: id, stop: { max_pages: 3 } }',
    script: ({ query }) => {
      const page = Number(query['page'] ?? 1)
      return { json: { list: rows(page * 2 - 1, 2), other: [{ id: 1 }], page, total: 100 } }
    },
    requests: ['/items', '/items?page=2', '/items?page=3'],
    items: all(6),
    stop: 'max_pages',
    warnings: ['more_available'],
    waits: [1_500, 1_500],
  },
]

wireSuite(
  'paginate: auto goes on',
  GOES_ON.map((row) => ({ ...row, rewritten: true })),
)

const single = (name: string, json: unknown, items: number, step = ''): Row => ({
  name,
  step: `${step}\n${AUTO}`,
  script: [{ json }],
  requests: [`/items${step === '' ? '' : '?limit=10'}`],
  items,
  stop: 'single_page',
})

wireSuite('paginate: auto stays with one page', [
  single('where nothing says more', { data: rows(1, 3) }, 3),
  single('that holds all of the total', { data: rows(1, 3), total: 3, page: 1 }, 3),
  {
    ...single('where the flag says no', { data: rows(1, 3), has_more: false, next_cursor: 'trap' }, 3),
    stop: 'has_more_false',
  },
  single('where the next cursor is null', { data: rows(1, 3), next_cursor: null }, 3),
  single('where the page is shorter than asked for', { data: rows(1, 3), page: 1 }, 3, 'params: { limit: 10 }'),
  single('where the API counts one page', { data: rows(1, 3), page: 1, total_pages: 1 }, 3),
  single('that is empty', { data: [], page: 1 }, 0),
  single('that is one object', { id: 7, name: 'x' }, 1),
  {
    name: 'and says so when a full page could not be followed',
    step: `params: { limit: 2 }\n${AUTO}`,
    script: () => ({ json: rows(1, 2) }),
    requests: ['/items?limit=2', '/items?limit=2&page=1', '/items?limit=2&page=2', '/items?limit=2&offset=2'],
    items: 2,
    stop: 'single_page',
    warnings: ['more_available'],
  },
  {
    name: 'when page 2 is empty and nothing had promised it',
    step: AUTO,
    script: ({ query }) => ({
      json: { data: query['page'] === '2' ? [] : rows(1, 3), page: Number(query['page'] ?? 1) },
    }),
    requests: ['/items', '/items?page=2'],
    items: 3,
    stop: 'empty_page',
  },
])

wireSuite('paginate: auto refuses', [
  {
    name: 'a way whose second page has an item of the first, and takes the next one',
    step: AUTO,
    // Takes `page` for a number of items to leave out.
    script: ({ query }) => {
      const start = query['offset'] === undefined ? Number(query['page'] ?? 1) - 1 : Number(query['offset'])
      return { json: { data: rows(start + 1, Math.min(3, 6 - start)), page: 1, total: 6 } }
    },
    requests: ['/items', '/items?page=2', '/items?offset=3'],
    items: all(6),
    stop: 'total_reached',
    also: chose({ type: 'offset', param: 'offset' }),
  },
  {
    name: 'a second page that is the first with other timestamps',
    step: AUTO,
    script: (_, count) => ({ json: { data: rows(1, 2).map((row) => ({ ...row, seen: count })), total: 4 } }),
    requests: ['/items', '/items?page=1', '/items?page=2', '/items?offset=2'],
    items: 2,
    error: 'auto_unproven',
    says: /total is 4, 2 came.*page by `page`: 2 of the 2 items it gives were on page 1; offset by `offset`/,
  },
  {
    name: 'an empty second page when the total promised more',
    step: AUTO,
    script: ({ query }) => ({ json: { data: Object.keys(query).length === 0 ? rows(1, 2) : [], total: 4 } }),
    requests: ['/items', '/items?page=1', '/items?page=2', '/items?offset=2'],
    items: 2,
    error: 'auto_unproven',
  },
  {
    name: 'ways that the API answers with 400',
    step: AUTO,
    script: ({ query }) =>
      Object.keys(query).length === 0
        ? { json: { data: rows(1, 2), has_next: true, totalCount: 9 } }
        : { status: 400, json: {} },
    requests: ['/items', '/items?page=1', '/items?page=2', '/items?offset=2'],
    items: 2,
    error: 'auto_unproven',
    says: /400/,
  },
  {
    name: 'a next URL at another origin',
    step: AUTO,
    script: (_, count) => ({ json: { data: rows(1, 2), next: count === 0 ? 'OTHER:/items?page=2' : null } }),
    requests: ['/items', '/items?page=1', '/items?page=2', '/items?offset=2'],
    items: 2,
    error: 'auto_unproven',
    says: /another origin/,
  },
  {
    name: 'a cursor that repeats after the proof, as every pagination does',
    step: AUTO,
    script: (_, count) => ({ json: { data: rows(count * 2 + 1, 2), next_cursor: count === 0 ? 'a' : 'b' } }),
    requests: ['/items', '/items?cursor=a', '/items?cursor=b'],
    items: 4,
    error: 'loop_detected',
  },
  {
    name: 'to guess from an answer that can not be read',
    step: AUTO,
    script: [{ text: '<html></html>', headers: { 'content-type': 'text/html' } }],
    requests: ['/items'],
    items: 0,
    error: 'wrong_content_type',
  },
])
