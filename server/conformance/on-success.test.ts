import { expect } from 'vitest'
import type { Answer } from './testing/scripted-server'
import { paged, pages, rows, wireSuite, type Row } from './testing/suite'

/** `retry.on_success` in the mapping spelling. */
const onSuccess = (lines: string): string => `params: { page: 1 }
retry:
  on_success:
${lines.replaceAll(/^/gm, '    ')}`
const NEXT_PAGE = 'next_call: { params: { page: "{{ (response.page | int) + 1 }}" } }'
const APPEND = 'collect: { strategy: append, path: data, into: pages }'
const numbered = paged(5, 2, (page, more) => ({ page, more }))

const goesOn = (name: string, condition: string): Row => ({
  name: `while: ${name}`,
  step: onSuccess(`while: ${JSON.stringify(condition)}\n${NEXT_PAGE}\n${APPEND}`),
  script: numbered,
  requests: pages(3),
  items: [1, 2, 3, 4, 5],
  stop: 'while_false',
})

const collects = (strategy: string, items: number | unknown[]): Row => ({
  name: `collect: ${strategy}`,
  step: onSuccess(
    `while: "{{ response.more }}"\n${NEXT_PAGE}\ncollect: { strategy: ${strategy}, path: data, into: pages }`,
  ),
  script: numbered,
  requests: pages(3),
  items,
  stop: 'while_false',
})

const changes = (name: string, call: string, second: string, method = ''): Row => ({
  name: `next_call: ${name}`,
  step: `${method}params: { page: 1 }
retry:
  on_success:
    while: "{{ response.more }}"
    next_call: ${call}
    collect: { path: data }`,
  script: [{ json: { data: rows(1, 1), more: true, token: 't 1' } }, { json: { data: rows(2, 1), more: false } }],
  requests: [`${method === '' ? '' : 'POST '}/items?page=1${FIRST_BODIES[method] ?? ''}`, second],
  items: [1, 2],
  stop: 'while_false',
})
const POST = 'method: POST\njson: { filter: { a: 1 } }\n'
const LISTS = 'method: POST\njson: { filter: { a: [1, 1], b: 1 }, pages: [{ at: 0 }, { at: 0 }] }\n'
const FORM = 'method: POST\nform: { q: a b, page: 1 }\n'
const FIRST_BODIES: Record<string, string> = {
  [POST]: ' {"filter":{"a":1}}',
  [LISTS]: ' {"filter":{"a":[1,1],"b":1},"pages":[{"at":0},{"at":0}]}',
  [FORM]: ' q=a%20b&page=1',
}

wireSuite('retry.on_success', [
  goesOn('a comparison', '{{ response.more == true }}'),
  goesOn('the value itself', '{{ response.more }}'),
  goesOn('without braces', 'response.more'),
  goesOn('over the number of items', '{{ response.data | length == 2 }}'),
  goesOn('over the status and the body', '{{ http.status == 200 and response.more }}'),
  goesOn('over what the page gave, by the name result', '{{ result.status_code == 200 and result.data.more }}'),
  goesOn('over what the page gave, by the name this', '{{ this.success and this.data.more }}'),
  goesOn('with not', '{{ not (response.more == false) }}'),
  collects('append', [1, 2, 3, 4, 5]),
  collects('extend', [1, 2, 3, 4, 5]),
  collects('replace', [5]),
  collects('collect', 3),
  changes('a parameter that is added', '{ params: { token: "{{ response.token }}" } }', '/items?page=1&token=t%201'),
  changes('a parameter that is taken away', '{ params: { page: null, token: x } }', '/items?token=x'),
  changes('a parameter out of result', '{ params: { token: "{{ result.data.token }}" } }', '/items?page=1&token=t%201'),
  changes('a parameter out of this', '{ params: { token: "{{ this.data.token }}" } }', '/items?page=1&token=t%201'),
  changes('a URL', '{ url: "{{ workload.api }}/more" }', '/more?page=1'),
  changes('a relative URL', '{ url: "/more/{{ response.token | urlencode }}" }', '/more/t%201?page=1'),
  changes(
    'JSON, merged into the body',
    '{ json: { filter: { b: 2 } } }',
    'POST /items?page=1 {"filter":{"a":1,"b":2}}',
    POST,
  ),
  changes(
    'a list inside JSON, which takes the place of the one before as a whole',
    '{ json: { filter: { a: [2] }, pages: [{ at: 1 }] } }',
    'POST /items?page=1 {"filter":{"a":[2],"b":1},"pages":[{"at":1}]}',
    LISTS,
  ),
  changes('a list as body, in place of an object', '{ json: [1] }', 'POST /items?page=1 [1]', LISTS),
  changes(
    'an object as body, merged into JSON',
    '{ body: { filter: { b: 2 } } }',
    'POST /items?page=1 {"filter":{"a":[1,1],"b":2},"pages":[{"at":0},{"at":0}]}',
    LISTS,
  ),
  changes('an object as body, merged into a form', '{ body: { page: 2 } }', 'POST /items?page=1 q=a%20b&page=2', FORM),
  changes('a field of a form that is taken away', '{ body: { q: null } }', 'POST /items?page=1 page=1', FORM),
  changes(
    'a URL with a query, which replaces parameters of its names',
    '{ url: "/items?page=2&x=1" }',
    '/items?page=2&x=1',
  ),
  changes(
    'a URL with a query and a parameter',
    '{ url: "/items?page=2", params: { page: 3, y: 1 } }',
    '/items?page=3&y=1',
  ),
  changes('the body as text', '{ body: "next" }', 'POST /items?page=1 next', POST),
  changes('the method', '{ method: PUT }', 'PUT /items?page=1 {"filter":{"a":1}}', POST),
  {
    name: 'next_call: a URL that the API gives goes on, other parameters and secrets kept',
    step: `params: { page: 1, size: 2, key: "{{ secret.KEY }}" }
retry:
  on_success:
    while: "{{ response.next != none }}"
    next_call: { url: "{{ response.next }}" }
    collect: { path: data }`,
    secrets: { KEY: 'geheim-9' },
    script: [2, 3, null].map((page) => ({
      json: { data: rows((page ?? 4) * 2 - 3, 2), next: page && `/items?page=${page}&key=geheim-9` },
    })),
    requests: [
      '/items?page=1&size=2&key=geheim-9',
      '/items?page=2&size=2&key=geheim-9',
      '/items?page=3&size=2&key=geheim-9',
    ],
    items: [1, 2, 3, 4, 5, 6],
    stop: 'while_false',
    also: ({ pages: saved }) => expect(JSON.stringify(saved.map(({ request }) => request))).not.toContain('geheim-9'),
  },
  {
    name: 'next_call: a body that is text on one page and an object on the next',
    step: `method: POST
json: { a: 1 }
retry:
  on_success:
    while: "{{ response.more }}"
    next_call: { body: "{{ response.body }}" }
    collect: { path: data }`,
    script: ['text', { b: 2 }, 'more', null].map((body, page) => ({
      json: { data: rows(page + 1, 1), more: body !== null, body },
    })),
    requests: ['POST /items {"a":1}', 'POST /items text', 'POST /items {"a":1,"b":2}', 'POST /items more'],
    items: [1, 2, 3, 4],
    stop: 'while_false',
  },
  {
    name: 'next_call: headers',
    step: onSuccess(
      `while: "{{ response.more }}"\nnext_call: { headers: { X-Page: "{{ response.page + 1 }}" } }\n${APPEND}`,
    ),
    script: [{ json: { data: rows(1, 1), page: 1, more: true } }, { json: { data: rows(2, 1), page: 2, more: false } }],
    requests: ['/items?page=1', '/items?page=1'],
    items: 2,
    stop: 'while_false',
    also: (_, [, second]) => expect(second?.headers['x-page']).toBe('2'),
  },
  {
    name: 'max_attempts ends it, and says that there was more',
    step: onSuccess(`while: "{{ response.more }}"\nmax_attempts: 2\n${NEXT_PAGE}\n${APPEND}`),
    script: numbered,
    requests: pages(2),
    items: 4,
    stop: 'max_pages',
    warnings: ['more_available'],
  },
  {
    name: 'max_attempts 1 is one page',
    step: onSuccess(`while: "{{ response.more }}"\nmax_attempts: 1\n${NEXT_PAGE}\n${APPEND}`),
    script: numbered,
    requests: pages(1),
    items: 2,
    stop: 'max_pages',
    warnings: ['more_available'],
  },
  {
    name: 'a next_call that changes nothing is a loop',
    step: onSuccess(`while: "{{ response.more }}"\nnext_call: { params: { page: 1 } }\n${APPEND}`),
    script: numbered,
    requests: pages(1),
    items: 0,
    error: 'loop_detected',
  },
  {
    name: 'an undefined name in while is an error that names it',
    step: onSuccess(`while: "{{ response.paging.hasMore }}"\n${NEXT_PAGE}\n${APPEND}`),
    script: numbered,
    requests: pages(1),
    items: 0,
    error: 'template',
    says: /paging/,
  },
  {
    name: 'an undefined name in next_call is an error that names it',
    step: onSuccess(
      `while: "{{ response.more }}"\nnext_call: { params: { page: "{{ response.number + 1 }}" } }\n${APPEND}`,
    ),
    script: numbered,
    requests: pages(1),
    items: 0,
    error: 'template',
    says: /number/,
  },
  {
    name: 'a next_call to another origin is refused',
    step: onSuccess(`while: "{{ response.more }}"\nnext_call: { url: "{{ workload.other }}/items" }\n${APPEND}`),
    script: numbered,
    requests: pages(1),
    items: 0,
    error: 'cross_origin_denied',
  },
  {
    name: 'a collect path that leads nowhere is an error and no empty page',
    step: onSuccess(`while: "{{ response.more }}"\n${NEXT_PAGE}\ncollect: { path: results }`),
    script: numbered,
    requests: pages(1),
    items: 0,
    error: 'items_path_missing',
    says: /data/,
  },
  {
    name: 'a POST that moves a scroll on is sent again as it is',
    step: `method: POST
retry:
  on_success:
    while: "{{ response.hits | length > 0 }}"
    next_call: { url: "{{ workload.api }}/scroll", json: { scroll_id: "{{ response.scroll_id }}" } }
    collect: { path: hits }`,
    script: [2, 2, 1, 0].map((count, page) => ({ json: { scroll_id: 's', hits: rows(page * 2 + 1, count) } })),
    requests: ['POST /items', ...Array.from({ length: 3 }, () => 'POST /scroll {"scroll_id":"s"}')],
    items: 5,
    stop: 'while_false',
  },
  {
    name: 'a POST that brings the same again is a loop',
    step: `method: POST
retry:
  on_success:
    while: "{{ response.hits | length > 0 }}"
    next_call: { url: "{{ workload.api }}/scroll", json: { scroll_id: s } }
    collect: { path: hits }`,
    script: [{ json: { hits: rows(1, 2) } }, { json: { hits: rows(3, 2) } }, { json: { hits: rows(3, 2) } }],
    requests: ['POST /items', ...Array.from({ length: 2 }, () => 'POST /scroll {"scroll_id":"s"}')],
    items: 4,
    error: 'loop_detected',
  },
  {
    name: 'the whole body is collected without a path',
    step: onSuccess(`while: "{{ response.more }}"\n${NEXT_PAGE}\ncollect: { path: "" }`),
    script: numbered,
    requests: pages(3),
    items: 3,
    stop: 'while_false',
  },
  {
    name: 'text of the API that looks like a template is sent as it is',
    step: onSuccess(
      `while: "{{ response.more }}"\nnext_call: { params: { token: "{{ response.token }}" } }\n${APPEND}`,
    ),
    script: [
      { json: { data: rows(1, 1), more: true, token: '{{ workload.api }}' } },
      { json: { data: rows(2, 1), more: false } },
    ],
    requests: ['/items?page=1', '/items?page=1&token=%7B%7B%20workload.api%20%7D%7D'],
    items: 2,
    stop: 'while_false',
  },
])

const closing: Answer['headers'] = { connection: 'close' }

wireSuite('odd servers', [
  {
    name: 'that close the connection after every answer',
    step: 'paginate: { type: page, items: data, stop: { total_pages_path: n } }',
    script: (_, count) => ({ json: { data: rows(count * 2, 2), n: 3 }, headers: closing }),
    requests: pages(3),
    items: 6,
    stop: 'total_reached',
  },
  {
    name: 'that redirect to an allowed origin, whose next URL then stays there',
    step: `auth: { type: bearer, token: "{{ secret.TOKEN }}" }
cross_origin: ["{{ workload.other }}"]
paginate: { type: next_url, path: next, items: data }`,
    secrets: { TOKEN: 'geheim-123' },
    script: [
      { status: 302, headers: { location: 'OTHER:/v2' } },
      { json: { data: rows(1, 1), next: '?page=2' } },
      { json: { data: rows(2, 1), next: null } },
    ],
    requests: ['/items', 'other:/v2', 'other:/v2?page=2'],
    items: 2,
    stop: 'no_next',
    warnings: ['credentials_stripped'],
    also: (_, sent) =>
      expect(sent.map(({ headers }) => headers['authorization'])).toEqual(['Bearer geheim-123', undefined, undefined]),
  },
  {
    name: 'that name the encoding identity',
    step: '',
    script: [{ json: rows(1, 2), headers: { 'content-encoding': 'identity' } }],
    requests: ['/items'],
    items: 2,
    stop: 'single_page',
  },
  {
    name: 'that answer 304 to nobody',
    step: '',
    script: [{ status: 304 }],
    requests: ['/items'],
    items: 0,
    error: 'http_error',
  },
  {
    name: 'that answer 202 with items',
    step: '',
    script: [{ status: 202, json: rows(1, 2) }],
    requests: ['/items'],
    items: 2,
    stop: 'single_page',
  },
  {
    name: 'that give a key twice, of which the last counts',
    step: '',
    script: [{ text: '{"data":[{"id":1}],"data":[{"id":2}]}' }],
    requests: ['/items'],
    items: [2],
    stop: 'single_page',
  },
  {
    name: 'that give an empty page in the middle, with a cursor to go on',
    step: 'paginate: { type: cursor, path: next, items: data, stop: { empty_page: false } }',
    script: [
      { json: { data: rows(1, 2), next: 'a' } },
      { json: { data: [], next: 'b' } },
      { json: { data: rows(3, 1), next: null } },
    ],
    requests: ['/items', '/items?cursor=a', '/items?cursor=b'],
    items: 3,
    stop: 'no_next',
  },
  {
    name: 'that give an empty page and a cursor: the end, said to be one before more',
    step: 'paginate: { type: cursor, path: next, items: data }',
    script: [{ json: { data: rows(1, 2), next: 'a' } }, { json: { data: [], next: 'b' } }],
    requests: ['/items', '/items?cursor=a'],
    items: 2,
    stop: 'empty_page',
    warnings: ['more_available'],
  },
  {
    name: 'that write an empty list as null',
    step: 'paginate: { type: page, items: data }',
    script: [{ json: { data: rows(1, 2) } }, { json: { data: null } }],
    requests: pages(2),
    items: 2,
    stop: 'empty_page',
  },
  {
    name: 'that give the same page twice at the end',
    step: 'paginate: { type: page, items: data, on_page_error: stop }',
    script: ({ query }) => ({ json: { data: rows(Math.min(2, Number(query['page'])) * 2, 2) } }),
    requests: pages(3),
    items: 4,
    stop: 'repeated_page',
    warnings: ['more_available'],
  },
  {
    name: 'whose pages are alike, where that is allowed',
    step: 'paginate: { type: page, items: data, loop_guard: token, stop: { total_pages_path: n } }',
    script: () => ({ json: { data: rows(1, 1), n: 3 } }),
    requests: pages(3),
    items: 3,
    stop: 'total_reached',
    warnings: ['repeated_page'],
  },
])
