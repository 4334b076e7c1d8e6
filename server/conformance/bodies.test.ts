import { brotliCompressSync } from 'node:zlib'
import { expect } from 'vitest'
import type { Answer } from './testing/scripted-server'
import { pages, rows, wireSuite, type Row } from './testing/suite'

const one = (name: string, answer: Answer, items: number | unknown[], step = ''): Row => ({
  name,
  step,
  script: [answer],
  requests: ['/items'],
  items,
  stop: 'single_page',
})
const refused = (name: string, answer: Answer, error: string, more: Partial<Row> = {}): Row => ({
  name,
  step: 'retry: { on_error: { max_attempts: 1 } }',
  script: [answer],
  requests: ['/items'],
  items: 0,
  error,
  ...more,
})
const text = (type: string, body: string | Buffer): Answer => ({
  headers: { 'content-type': type },
  bytes: typeof body === 'string' ? Buffer.from(body) : body,
})
const JSON_OF = (value: string): string => `{"data":[{"id":"${value}"}]}`
const utf16 = (body: string): Buffer => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(body, 'utf16le')])

const gathered = (name: string, path: string, bodies: object[], items: unknown[], more: Partial<Row> = {}): Row => ({
  name,
  step: `paginate: { type: cursor, path: next, items: "${path}", dedupe: "tags[*].id" }`,
  script: bodies.map((json) => ({ json })),
  requests: bodies.map((_, index) => (index === 0 ? '/items' : `/items?cursor=${index}`)),
  items,
  stop: 'no_next',
  ...more,
})
const edges = (...ids: number[]): object[] => ids.map((id) => ({ node: { id, tags: [{ id }] } }))

wireSuite('items gathered from several places', [
  gathered('that are null are an empty page, as a list that is null is', 'edges[*].node', [{ edges: null }], [], {
    stop: 'no_next',
  }),
  gathered(
    'that are null at the end of the data end nothing but that',
    'edges[*].node',
    [
      { edges: edges(1, 2), next: '1' },
      { edges: null, next: null },
    ],
    [1, 2],
  ),
  gathered(
    'some of which are null are those of the others',
    'groups[*].items[*]',
    [{ groups: [{ items: rows(1, 2) }, { items: null }, { items: rows(3, 1) }] }],
    [1, 2, 3],
  ),
  gathered(
    'some of which are null, deeper',
    'groups[*].edges[*].node',
    [{ groups: [{ edges: edges(1) }, { edges: null }, { edges: edges(2) }] }],
    [1, 2],
  ),
  gathered('keep a node that is null', 'edges[*].node', [{ edges: [...edges(1), { node: null }] }], [1, null]),
  gathered(
    'keep all items whose key lies in a list that is null',
    'data',
    [
      {
        data: [
          { id: 1, tags: null },
          { id: 2, tags: null },
        ],
      },
    ],
    [1, 2],
  ),
  {
    ...gathered('that are missing are an error', 'edges[*].node', [{ nodes: [] }], []),
    stop: '',
    error: 'items_path_missing',
  },
])

wireSuite('bodies', [
  ...(['gzip', 'br', 'deflate'] as const).map((encode) =>
    one(`${encode} is unpacked`, { json: { data: rows(1, 50) }, encode }, 50),
  ),
  one('a charset is honoured', text('application/json; charset=iso-8859-1', Buffer.from(JSON_OF('größer'), 'latin1')), [
    'größer',
  ]),
  one(
    'a quoted charset is',
    text('application/json; charset="windows-1252"', Buffer.from(JSON_OF('caf\u00e9'), 'latin1')),
    ['café'],
  ),
  one('a BOM is skipped', text('application/json', `\uFEFF${JSON_OF('a')}`), ['a']),
  one('UTF-16 by its BOM', text('application/json', utf16(JSON_OF('ü'))), ['ü']),
  one('a BOM wins over the charset named', text('application/json; charset=latin1', `\uFEFF${JSON_OF('ü')}`), ['ü']),
  one('JSON whatever the content type says', text('text/plain', JSON_OF('a')), ['a']),
  one('JSON without a content type', { headers: { 'content-type': null }, text: JSON_OF('a') }, ['a']),
  one('HAL and vendor types', text('application/hal+json', JSON_OF('a')), ['a']),
  one('NDJSON by its content type', text('application/x-ndjson', '{"id":1}\n{"id":2}\n'), [1, 2]),
  one(
    'NDJSON with CRLF, empty lines and no last line break',
    text('application/jsonl', '{"id":1}\r\n\r\n{"id":2}'),
    [1, 2],
  ),
  one('a JSON text sequence', text('application/json-seq', '\x1e{"id":1}\n\x1e{\n"id":2}\n'), [1, 2]),
  one('NDJSON when asked for', text('text/plain', '{"id":1}\n{"id":2}'), [1, 2], 'response: ndjson'),
  one('an empty NDJSON body is an empty list', text('application/x-ndjson', ''), []),
  one('text when asked for', text('text/csv', 'a,b\n1,2'), 1, 'response: text'),
  one('a list as the whole body', { json: rows(1, 3) }, [1, 2, 3]),
  one('a single object is one item', { json: { id: 7 } }, [7]),
  one('one value is one item', { text: '42' }, [42]),
  one('an empty list', { json: [] }, []),
  one('204 has no items', { status: 204 }, []),
  {
    ...one('an answer to HEAD has none, and its headers are kept', { headers: { 'x-total-count': '7' } }, []),
    step: 'method: HEAD',
    requests: ['HEAD /items'],
    also: ({ pages: [page] }) => expect(page).toMatchObject({ body: null, responseHeaders: { 'x-total-count': '7' } }),
  },
  one('a list under its own name', { json: { customers: rows(1, 2), meta: {} } }, [1, 2]),
  one('a list two levels down', { json: { response: { items: rows(1, 2) } } }, [1, 2]),
  one('__proto__ keys are harmless', { text: '{"data":[{"id":1,"__proto__":{"polluted":true}}]}' }, [1]),
  one('text that looks like a template stays text', { json: { data: [{ id: '{{ secret.X }}' }] } }, ['{{ secret.X }}']),
  one('of a key written twice the last', { text: '{"data":[{"id":1}],"data":[{"id":2,"id":3}]}' }, [3]),
  one('200 levels', { text: `${'['.repeat(200)}1${']'.repeat(200)}` }, 1),
  one('half a surrogate pair inside a text', { text: '{"data":[{"id":"a\\ud800b"}]}' }, ['a\ud800b']),
  one('numbers written in odd ways', { text: '{"data":[{"id":1E2},{"id":-0.0},{"id":1e-400}]}' }, [100, -0, 0]),
  one('NUL inside a text', { text: '{"data":[{"id":"a\\u0000b"}]}' }, ['a\u0000b']),
  {
    ...one('a number larger than a double keeps its digits', { text: '{"data":[{"id":12345678901234567890}]}' }, 1),
    also: ({ pages: [page] }) => expect(page?.body).toContain('12345678901234567890'),
  },
  {
    ...one(
      'digits survive a filter that rewrites the items',
      { text: '{"data":[{"id":9007199254740993,"ok":true},{"id":1,"ok":false}]}' },
      1,
    ),
    step: 'paginate: { type: none, items: data, filter: "{{ item.ok }}" }',
    also: ({ pages: [page] }) => expect(page?.items).toBe('[{"id":9007199254740993,"ok":true}]'),
  },
  {
    ...one('a body that trickles in', { json: { data: rows(1, 20) }, fault: 'trickle' }, 20),
    step: 'idle_timeout: 2',
  },
])

wireSuite('bodies that are no good', [
  refused('an empty 200', { text: '' }, 'invalid_json'),
  refused('only spaces', { text: '  \n' }, 'invalid_json'),
  refused('half a JSON text', { text: '{"data":[{"id":1},' }, 'invalid_json'),
  refused('two JSON texts', { text: '{"a":1}{"a":2}' }, 'invalid_json'),
  refused('NaN', { text: '{"a":NaN}' }, 'invalid_json'),
  refused('201 levels', { text: '['.repeat(201) + ']'.repeat(201) }, 'invalid_json', { says: /200 levels/ }),
  refused('a login page', text('text/html', '<!doctype html><title>Log in</title>'), 'wrong_content_type', {
    says: /Log in/,
  }),
  refused(
    'HTML that calls itself JSON',
    text('application/json', '<html><body>502</body></html>'),
    'wrong_content_type',
  ),
  refused('XML', text('application/xml', '<a/>'), 'wrong_content_type'),
  refused('a bad NDJSON line, which is named', text('application/x-ndjson', '{"id":1}\nnot json\n'), 'invalid_json', {
    says: /line 2/,
  }),
  refused(
    'a second text after the end of packed NDJSON',
    {
      headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'br' },
      bytes: Buffer.concat([brotliCompressSync('{"id":1}\n'), brotliCompressSync('{"id":2}\n')]),
    },
    'decode',
    { says: /13 bytes follow/ },
  ),
  refused('bytes that are no UTF-8', { bytes: Buffer.from([0x22, 0xff, 0xfe, 0xfd, 0x22]) }, 'decode'),
  refused('a charset nobody knows', text('application/json; charset=klingon', '{}'), 'decode'),
  refused('gzip that is none', { headers: { 'content-encoding': 'gzip' }, text: '{}' }, 'decode'),
  refused('an encoding nobody asked for', { headers: { 'content-encoding': 'lzma' }, text: '{}' }, 'decode'),
  refused('more bytes than allowed', { text: JSON.stringify('x'.repeat(5_000)) }, 'response_too_large', {
    step: 'max_response_bytes: 1000\nretry: { on_error: { max_attempts: 1 } }',
  }),
  refused(
    'a bomb that is small only while packed',
    { text: JSON.stringify('x'.repeat(500_000)), encode: 'gzip' },
    'response_too_large',
    {
      step: 'max_response_bytes: 10000\nretry: { on_error: { max_attempts: 1 } }',
    },
  ),
  refused('a good status that is an error by fail_when', { json: { ok: false, error: 'quota' } }, 'api_error', {
    step: 'fail_when: "{{ not response.ok }}"',
    says: /quota/,
  }),
  refused('no items where they should be', { json: { data: [] } }, 'items_path_missing', {
    step: 'paginate: { type: none, items: results }',
    says: /the body has: data/,
  }),
  refused('a text where items should be', { json: { data: 'none' } }, 'items_path_missing', {
    step: 'paginate: { type: none, items: data }',
  }),
])

const flag = (name: string, value: unknown, end: Partial<Row>): Row => ({
  name,
  step: 'paginate: { type: page, items: data, stop: { has_more_path: more, max_pages: 2 } }',
  script: (_, count) => ({ json: { data: rows(count * 2, 2), more: value } }),
  requests: ['/items?page=1'],
  items: 2,
  ...end,
})
const total = (name: string, body: object, end: Partial<Row>): Row => ({
  name,
  step: 'paginate: { type: page, items: data, stop: { total_items_path: total } }',
  script: [{ json: { data: rows(1, 2), ...body } }, { json: { data: rows(3, 2), ...body } }, { json: { data: [] } }],
  requests: ['/items?page=1'],
  items: 2,
  ...end,
})
const GOES_ON = { requests: pages(2), items: 4, stop: 'max_pages', warnings: ['more_available'] }

wireSuite('flags and totals', [
  ...[true, 1, 'true', 'TRUE', '1'].map((value) => flag(`${JSON.stringify(value)} is more`, value, GOES_ON)),
  ...[false, 0, 'false', '0'].map((value) =>
    flag(`${JSON.stringify(value)} is no more`, value, { stop: 'has_more_false' }),
  ),
  ...['yes', null, 2, {}].map((value) =>
    flag(`${JSON.stringify(value)} is neither`, value, { items: 0, error: 'has_more_invalid' }),
  ),
  flag('a missing flag is an error', undefined, { items: 0, error: 'has_more_missing' }),
  total('a total as text', { total: '2' }, { stop: 'total_reached' }),
  total('no total on page 1', {}, { items: 0, error: 'total_missing' }),
  total('a negative total', { total: -1 }, { items: 0, error: 'total_invalid' }),
  total('a total that is no number', { total: 'many' }, { items: 0, error: 'total_invalid' }),
  total(
    'a total that promises too much',
    { total: 9 },
    {
      requests: pages(3),
      items: 4,
      stop: 'empty_page',
      warnings: ['empty_page_before_total', 'more_available', 'total_mismatch'],
    },
  ),
  total('a total that promises too little', { total: 1 }, { stop: 'total_reached', warnings: ['total_mismatch'] }),
  {
    name: 'a total in a header',
    step: 'paginate: { type: page, items: "$", stop: { total_items_header: X-Total-Count } }',
    script: ({ query }) => ({ json: rows(Number(query['page']) * 2, 2), headers: { 'x-total-count': '4' } }),
    requests: pages(2),
    items: 4,
    stop: 'total_reached',
  },
  {
    name: 'a total that is given only once',
    step: 'paginate: { type: page, items: data, stop: { total_items_path: total } }',
    script: [{ json: { data: rows(1, 2), total: 3 } }, { json: { data: rows(3, 1) } }],
    requests: pages(2),
    items: 3,
    stop: 'total_reached',
  },
  {
    name: 'a total of pages',
    step: 'paginate: { type: page, items: data, stop: { total_pages_path: meta.pages } }',
    script: (_, count) => ({ json: { data: rows(count * 2, 2), meta: { pages: 2 } } }),
    requests: pages(2),
    items: 4,
    stop: 'total_reached',
  },
  {
    name: 'max_items cuts a page and says that there was more',
    step: 'paginate: { type: page, items: data, stop: { max_items: 3 } }',
    script: (_, count) => ({ json: { data: rows(count * 2 + 1, 2) } }),
    requests: pages(2),
    items: [1, 2, 3],
    stop: 'max_items',
    warnings: ['more_available'],
  },
  {
    name: 'when ends after the page it holds for',
    step: 'paginate: { type: page, items: data, stop: { when: "{{ response.last }}" } }',
    script: (_, count) => ({ json: { data: rows(count * 2 + 1, 2), last: count === 1 } }),
    requests: pages(2),
    items: 4,
    stop: 'when_true',
  },
  {
    name: 'item_when cuts before the first item it holds for',
    step: 'paginate: { type: page, items: data, stop: { item_when: "{{ item.id >= 4 }}" } }',
    script: (_, count) => ({ json: { data: rows(count * 2 + 1, 2) } }),
    requests: pages(2),
    items: [1, 2, 3],
    stop: 'when_true',
  },
  {
    name: 'filter keeps what is wanted and counts the rest for totals',
    step: 'paginate: { type: page, items: data, filter: "{{ item.id != 2 }}", stop: { total_items_path: total } }',
    script: (_, count) => ({ json: { data: rows(count * 2 + 1, 2), total: 4 } }),
    requests: pages(2),
    items: [1, 3, 4],
    stop: 'total_reached',
  },
  {
    name: 'dedupe drops what a moving list gives twice',
    step: 'paginate: { type: page, items: data, dedupe: id, stop: { max_pages: 2 } }',
    script: [{ json: { data: rows(1, 3) } }, { json: { data: rows(3, 3) } }],
    requests: pages(2),
    items: [1, 2, 3, 4, 5],
    stop: 'max_pages',
    warnings: ['duplicates_dropped', 'more_available'],
  },
  {
    name: 'interval waits between two pages',
    step: 'paginate: { type: page, items: data, interval: 2.5, stop: { total_pages_path: n } }',
    script: (_, count) => ({ json: { data: rows(count * 2 + 1, 2), n: 3 } }),
    requests: pages(3),
    items: 6,
    stop: 'total_reached',
    waits: [2_500, 2_500],
  },
])
