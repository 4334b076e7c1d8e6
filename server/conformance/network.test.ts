import { expect } from 'vitest'
import type { Answer } from './testing/scripted-server'
import { rows, wireSuite, type Row } from './testing/suite'

const ok: Answer = { json: { data: rows(1, 2) } }
const NO_RETRY = 'retry: { on_error: { max_attempts: 1 } }'

const broken = (name: string, answer: Answer, error: string, step = ''): Row => ({
  name,
  step: `${step}\n${NO_RETRY}`,
  script: [answer],
  requests: ['/items'],
  items: 0,
  error,
})

wireSuite('connections that break', [
  broken('before an answer', { fault: 'reset' }, 'network'),
  broken('in the middle of a body', { ...ok, fault: 'reset_in_body' }, 'network'),
  broken('before the announced end', { ...ok, fault: 'cut' }, 'network'),
  broken('by saying nothing at all', { fault: 'silent' }, 'timeout', 'timeout: 0.15'),
  broken('by going silent in the body', { ...ok, fault: 'stall' }, 'timeout', 'idle_timeout: 0.15'),
  broken('by trickling past the timeout', { ...ok, delayMs: 400 }, 'timeout', 'timeout: 0.15'),
  {
    name: 'and come back: the page is tried again, nothing twice',
    step: 'paginate: { type: page, items: data, stop: { total_pages_path: n } }',
    script: (_, count) => (count % 2 === 0 ? { fault: 'reset' } : { json: { data: rows(count, 2), n: 2 } }),
    requests: ['/items?page=1', '/items?page=1', '/items?page=2', '/items?page=2'],
    items: 4,
    stop: 'total_reached',
    waits: [1_000, 1_000],
  },
  {
    name: 'or were never there',
    step: `url: "http://127.0.0.1:9/items"\n${NO_RETRY}`,
    script: [],
    requests: [],
    items: 0,
    error: 'network',
  },
  {
    name: 'or may not be made: link-local addresses',
    step: 'url: "http://169.254.169.254/latest/meta-data"',
    script: [],
    requests: [],
    items: 0,
    error: 'address_denied',
  },
  {
    name: 'or may not be made: private addresses',
    step: 'url: "http://10.0.0.1/"',
    script: [],
    requests: [],
    items: 0,
    error: 'address_denied',
  },
])

const redirect = (status: number, location: string): Answer => ({ status, headers: { location } })

wireSuite('redirects', [
  ...[301, 302, 303, 307, 308].map((status): Row => ({
    name: `${status} is followed`,
    step: '',
    script: [redirect(status, '/v2/items'), ok],
    requests: ['/items', '/v2/items'],
    items: 2,
    stop: 'single_page',
  })),
  {
    name: '303 turns a POST into a GET',
    step: 'method: POST\njson: { a: 1 }',
    script: [redirect(303, '/done'), ok],
    requests: ['POST /items {"a":1}', '/done'],
    items: 2,
    stop: 'single_page',
  },
  {
    name: '307 keeps method and body',
    step: 'method: POST\njson: { a: 1 }',
    script: [redirect(307, '/again'), ok],
    requests: ['POST /items {"a":1}', 'POST /again {"a":1}'],
    items: 2,
    stop: 'single_page',
  },
  {
    name: 'five are followed',
    step: '',
    script: [1, 2, 3, 4, 5].map((n): Answer => redirect(302, `/r${n}`)).concat(ok),
    requests: ['/items', '/r1', '/r2', '/r3', '/r4', '/r5'],
    items: 2,
    stop: 'single_page',
  },
  {
    name: 'six are not',
    step: '',
    script: [1, 2, 3, 4, 5, 6].map((n) => redirect(302, `/r${n}`)),
    requests: ['/items', '/r1', '/r2', '/r3', '/r4', '/r5'],
    items: 0,
    error: 'redirect_limit',
  },
  {
    name: 'to another origin are refused',
    step: '',
    script: [redirect(302, 'OTHER:/items')],
    requests: ['/items'],
    items: 0,
    error: 'cross_origin_denied',
  },
  {
    name: 'to an allowed origin lose everything that holds a secret, and say so',
    step: `params: { key: "{{ secret.KEY }}" }
headers: { X-Token: "{{ secret.KEY }}", X-Plain: kept }
cross_origin: ["{{ workload.other }}"]`,
    secrets: { KEY: 'geheim-1' },
    script: [redirect(302, 'OTHER:/items?key=geheim-1&a=1'), ok],
    requests: ['/items?key=geheim-1', 'other:/items?a=1'],
    items: 2,
    stop: 'single_page',
    warnings: ['credentials_stripped'],
    also: (_, [, second]) => {
      expect(second?.headers['x-token']).toBeUndefined()
      expect(second?.headers['x-plain']).toBe('kept')
    },
  },
  {
    name: 'that would carry a secret body elsewhere are refused',
    step: `method: POST
json: { key: "{{ secret.KEY }}" }
cross_origin: ["{{ workload.other }}"]`,
    secrets: { KEY: 'geheim-1' },
    script: [redirect(307, 'OTHER:/items')],
    requests: ['POST /items {"key":"geheim-1"}'],
    items: 0,
    error: 'cross_origin_denied',
  },
  {
    name: 'of an allowed origin back to the first one are followed, without the credentials left behind',
    step: `headers: { X-Token: "{{ secret.KEY }}" }
cross_origin: ["{{ workload.other }}"]
paginate: { type: next_url, path: next, items: data }`,
    secrets: { KEY: 'geheim-1' },
    script: [
      { json: { data: rows(1, 1), next: 'OTHER:/p2' } },
      redirect(302, 'API:/p2'),
      { json: { data: rows(2, 1) } },
    ],
    requests: ['/items', 'other:/p2', '/p2'],
    items: [1, 2],
    stop: 'no_next',
    warnings: ['credentials_stripped'],
    also: (_, requests) =>
      expect(requests.map(({ headers }) => headers['x-token'])).toEqual(['geheim-1', undefined, undefined]),
  },
  {
    name: 'to a path in UTF-8, as it came',
    step: '',
    script: [redirect(302, Buffer.from('/größe?q=日').toString('latin1')), ok],
    requests: ['/items', '/gr%C3%B6%C3%9Fe?q=%E6%97%A5'],
    items: 2,
    stop: 'single_page',
  },
  {
    name: 'to a file are refused',
    step: '',
    script: [redirect(302, 'file:///etc/passwd')],
    requests: ['/items'],
    items: 0,
    error: 'cross_origin_denied',
  },
  {
    name: 'to the metadata service are refused although allowed by name',
    step: 'cross_origin: ["http://169.254.169.254"]',
    script: [redirect(302, 'http://169.254.169.254/latest')],
    requests: ['/items'],
    items: 0,
    error: 'address_denied',
  },
  {
    name: 'without a Location are an answer like any other',
    step: '',
    script: [{ status: 302, json: {} }],
    requests: ['/items'],
    items: 0,
    error: 'http_error',
  },
])

const header = (name: string, step: string, headers: Record<string, string>, secrets: Record<string, string>): Row => ({
  name,
  step,
  script: [{ json: { data: rows(1, 1), echo: Object.values(headers).join() } }],
  requests: ['/items'],
  items: 1,
  stop: 'single_page',
  secrets,
  also: ({ events, pages: [page] }, [request]) => {
    for (const [key, value] of Object.entries(headers)) expect(request?.headers[key]).toBe(value)
    for (const secret of Object.values(secrets)) expect(JSON.stringify([events, page?.request])).not.toContain(secret)
  },
})

wireSuite('credentials', [
  header(
    'bearer',
    'auth: { type: bearer, token: "{{ secret.T }}" }',
    { authorization: 'Bearer geheim' },
    { T: 'geheim' },
  ),
  header(
    'basic, in UTF-8',
    'auth: { type: basic, username: "ä", password: "{{ secret.T }}" }',
    { authorization: `Basic ${Buffer.from('ä:geheim').toString('base64')}` },
    { T: 'geheim' },
  ),
  header(
    'an API key in a header',
    'auth: { type: api_key, name: X-Key, value: "{{ secret.T }}" }',
    { 'x-key': 'geheim' },
    { T: 'geheim' },
  ),
  header(
    "a secret in a header of one's own",
    'headers: { X-A: "k {{ secret.T }}" }',
    { 'x-a': 'k geheim' },
    { T: 'geheim' },
  ),
  ...(['json', 'form', 'body'] as const).map((place): Row => ({
    name: `a secret in a ${place} of the request`,
    step: `method: POST\n${place}: { key: "{{ secret.T }}" }`,
    secrets: { T: 'geheim' },
    script: [{ json: { data: rows(1, 1) } }],
    requests: [place === 'form' ? 'POST /items key=geheim' : 'POST /items {"key":"geheim"}'],
    items: 1,
    stop: 'single_page',
    also: ({ events, pages: [page] }) => expect(JSON.stringify([events, page?.request])).not.toContain('geheim'),
  })),
  {
    name: 'an API key in the query stays on every page',
    step: `auth: { type: api_key, in: query, name: key, value: "{{ secret.T }}" }
paginate: { type: page, items: data, stop: { total_pages_path: n } }`,
    secrets: { T: 'geheim' },
    script: (_, count) => ({ json: { data: rows(count * 2, 2), n: 2 } }),
    requests: ['/items?key=geheim&page=1', '/items?key=geheim&page=2'],
    items: 4,
    stop: 'total_reached',
  },
  {
    name: 'a line break in a header is refused before anything is sent',
    step: 'headers: { X-A: "{{ secret.T }}" }',
    secrets: { T: 'a\r\nX-Evil: 1' },
    script: [],
    requests: [],
    items: 0,
    error: 'invalid_request',
  },
  {
    name: 'Host can not be set',
    step: 'headers: { Host: evil.test }',
    script: [],
    requests: [],
    items: 0,
    error: 'invalid_request',
  },
])
