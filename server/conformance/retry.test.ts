import { gzipSync } from 'node:zlib'
import { expect } from 'vitest'
import type { Answer } from './testing/scripted-server'
import { START, type WireResult } from './testing/run-on-wire'
import { paged, pages, rows, wireSuite, type Row } from './testing/suite'

const HTML = { 'content-type': 'text/html; charset=utf-8' }
const ok: Answer = { json: { data: rows(1, 2) } }
const failing = (status: number, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  json: { error: status },
})
const times = (count: number): string[] => Array.from({ length: count }, () => '/items')
const at = (seconds: number): Date => new Date(START + seconds * 1000)
const PAGED = 'paginate: { type: page, items: data, stop: { has_more_path: more } }'
const hintOf = (state: WireResult['state']): unknown => (state.status === 'failed' ? state.error.hint : undefined)
const ON_ERROR = 'retry: { on_error: { when: "{{ error.status == 429 }}", max_attempts: 3, initial_delay: 0.5 } }'

const once = (name: string, headers: Record<string, string>, wait: number): Row => ({
  name: `429 with ${name}`,
  step: ON_ERROR,
  script: [failing(429, headers), ok],
  requests: times(2),
  items: 2,
  stop: 'single_page',
  waits: wait === 0 ? [] : [wait],
})

const asctime = (date: Date): string => {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? []
  return `${date.toUTCString().slice(0, 3)} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`
}
const rfc850 = (date: Date): string => {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) \d\d(\d+) ([\d:]+)/.exec(date.toUTCString()) ?? []
  return `Thursday, ${day}-${month}-${year} ${time} GMT`
}

wireSuite('waits an API asks for', [
  once('Retry-After in seconds', { 'retry-after': '7' }, 7_000),
  once('Retry-After: 0', { 'retry-after': '0' }, 0),
  once('Retry-After with a fraction', { 'retry-after': '1.5' }, 1_500),
  once('Retry-After as an HTTP date', { 'retry-after': at(90).toUTCString() }, 90_000),
  once('Retry-After as an RFC 850 date', { 'retry-after': rfc850(at(90)) }, 90_000),
  once('Retry-After as an asctime date', { 'retry-after': asctime(at(90)) }, 90_000),
  once('Retry-After in the past', { 'retry-after': at(-60).toUTCString() }, 0),
  once(
    'Retry-After by a clock an hour ahead',
    { date: at(3600).toUTCString(), 'retry-after': at(3630).toUTCString() },
    30_000,
  ),
  once('a Retry-After that says nothing', { 'retry-after': 'soon' }, 500),
  once('RateLimit-Reset', { 'ratelimit-reset': '12' }, 12_000),
  once('X-RateLimit-Reset as seconds since 1970', { 'x-ratelimit-reset': String(START / 1000 + 45) }, 45_000),
  once('X-RateLimit-Reset as milliseconds since 1970', { 'x-ratelimit-reset': String(START + 45_000) }, 45_000),
  once('the combined RateLimit field', { ratelimit: 'limit=100, remaining=0, reset=9' }, 9_000),
  once('the structured RateLimit field', { ratelimit: '"default";r=0;t=9' }, 9_000),
  once(
    'a RateLimit field of several limits, of which the used-up one counts',
    {
      ratelimit: '"day";r=100;t=40000, "second";r=0;t=5',
    },
    5_000,
  ),
  once('a RateLimit field whose later limit is used up', { ratelimit: '"r=0;t=1";r=8;t=2, "minute";r=0;t=50' }, 50_000),
  once('a RateLimit field of two limits used up', { ratelimit: 'second;r=0;t=1, minute;r=0;t=50' }, 50_000),
  once('Retry-After twice, of which the longer counts', { 'retry-after': '30, 20' }, 30_000),
  once('both, of which Retry-After counts', { 'retry-after': '3', 'ratelimit-reset': '60' }, 3_000),
  {
    name: '503 with Retry-After',
    step: '',
    script: [failing(503, { 'retry-after': '20' }), ok],
    requests: times(2),
    items: 2,
    stop: 'single_page',
    waits: [20_000],
  },
  {
    name: '500 with a reset of the rate limit, which is not about it',
    step: '',
    script: [failing(500, { 'ratelimit-reset': '50' }), ok],
    requests: times(2),
    items: 2,
    stop: 'single_page',
    waits: [1_000],
  },
  {
    name: '403 with nothing remaining',
    step: 'retry: { on_error: { when: "{{ error.status == 403 }}" } }',
    script: [failing(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(START / 1000 + 5) }), ok],
    requests: times(2),
    items: 2,
    stop: 'single_page',
    waits: [5_000],
  },
  {
    name: 'more than an hour is an error and not a shorter wait',
    step: ON_ERROR,
    script: [failing(429, { 'retry-after': '3601' })],
    requests: times(1),
    items: 0,
    error: 'wait_too_long',
    says: /3601 s/,
  },
  {
    name: 'more than max_wait is an error',
    step: 'retry: { on_error: { max_wait: 10 } }',
    script: [failing(429, { 'retry-after': at(11).toUTCString() })],
    requests: times(1),
    items: 0,
    error: 'wait_too_long',
  },
  {
    name: 'in the middle of a pagination: the page waits, the pages before it stay',
    step: `${PAGED}
retry: { on_error: { when: "{{ error.status == 429 }}" } }`,
    script: [
      { json: { data: rows(1, 2), more: true } },
      failing(429, { 'retry-after': '30' }),
      { json: { data: rows(3, 2), more: false } },
    ],
    requests: ['/items?page=1', '/items?page=2', '/items?page=2'],
    items: [1, 2, 3, 4],
    stop: 'has_more_false',
    waits: [30_000],
  },
])

const byDefault = [408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524].map((status): Row => ({
  name: `${status} is tried three times, then it is retry_exhausted`,
  step: '',
  script: [failing(status), failing(status), failing(status)],
  requests: times(3),
  items: 0,
  error: 'retry_exhausted',
  waits: [1_000, 2_000],
  also: ({ attempts }) => expect(attempts.map((each) => each.status)).toEqual([status, status, status]),
}))
const final = [400, 401, 403, 404, 405, 409, 410, 422, 451, 501, 505].map((status): Row => ({
  name: `${status} is not tried again`,
  step: '',
  script: [failing(status)],
  requests: times(1),
  items: 0,
  error: 'http_error',
  says: new RegExp(`answered ${status}`),
}))

wireSuite('retries without a policy', [
  ...byDefault,
  ...final,
  {
    name: 'a POST that may have acted is not sent again',
    step: 'method: POST\njson: { a: 1 }',
    script: [failing(503)],
    requests: ['POST /items {"a":1}'],
    items: 0,
    error: 'http_error',
    also: ({ state }) => expect(hintOf(state)).toContain('methods: [POST]'),
  },
  {
    name: 'a reset connection is',
    step: '',
    script: [{ fault: 'reset' }, ok],
    requests: times(2),
    items: 2,
    stop: 'single_page',
    waits: [1_000],
    also: ({ attempts }) => expect(attempts[0]?.error.kind).toBe('network'),
  },
  {
    name: 'a POST whose connection broke is not',
    step: 'method: POST',
    script: [{ fault: 'reset' }],
    requests: ['POST /items'],
    items: 0,
    error: 'network',
    also: ({ state }) => expect(hintOf(state)).toContain('methods: [POST]'),
  },
  {
    name: 'a 503 whose error page is in another charset than it says is, and is shown',
    step: '',
    script: [{ status: 503, headers: HTML, bytes: Buffer.from('<h1>Indisponibilit\xe9</h1>', 'latin1') }, ok],
    requests: times(2),
    items: 2,
    stop: 'single_page',
    waits: [1_000],
    also: ({ attempts: [first] }) =>
      expect(first).toMatchObject({
        status: 503,
        bodyText: '<h1>Indisponibilité</h1>',
        error: { kind: 'http_error', message: 'page 1 answered 503: <h1>Indisponibilité</h1>' },
      }),
  },
  {
    name: 'a 429 whose body is not packed as it says waits as long as it asks',
    step: '',
    script: [{ status: 429, headers: { 'content-encoding': 'gzip', 'retry-after': '5' }, text: 'slow down' }, ok],
    requests: times(2),
    items: 2,
    stop: 'single_page',
    waits: [5_000],
    also: ({ attempts: [first] }) => expect(first?.bodyText).toBe('slow down'),
  },
  {
    name: 'a 502 whose packed body is cut short is, without a body',
    step: '',
    script: [{ status: 502, headers: { 'content-encoding': 'gzip' }, bytes: gzipSync('away').subarray(0, 12) }, ok],
    requests: times(2),
    items: 2,
    stop: 'single_page',
    waits: [1_000],
    also: ({ attempts: [first] }) => expect(first).toMatchObject({ status: 502, bodyText: '' }),
  },
  {
    name: 'a 503 whose body breaks off waits as long as it asks, and says what there was of it',
    step: '',
    script: [{ status: 503, headers: { 'retry-after': '5' }, text: 'come back later', fault: 'cut' }, ok],
    requests: times(2),
    items: 2,
    stop: 'single_page',
    waits: [5_000],
    also: ({ attempts: [first] }) => {
      expect(first).toMatchObject({ status: 503, error: { kind: 'http_error' } })
      expect(first?.error.message).toMatch(
        /^page 1 answered 503, with a body that can't be read to its end \(.* broke the connection off .*\): come back later$/,
      )
    },
  },
  {
    name: 'a POST that was answered with a 429 too large to read is, where the policy names the status',
    step: `method: POST
max_response_bytes: 1000
retry: { on_error: { when: "{{ error.status == 429 }}", max_attempts: 2 } }`,
    script: [{ status: 429, headers: { 'retry-after': '5' }, text: 'x'.repeat(2_000) }, ok],
    requests: Array(2).fill('POST /items'),
    items: 2,
    stop: 'single_page',
    waits: [5_000],
    also: ({ attempts: [first] }) =>
      expect(first?.error.message).toContain("429, with a body that can't be read (the response is"),
  },
  {
    name: 'a POST whose access token could not be had is, for nothing was sent',
    step: `method: POST
auth: { type: oauth2_client_credentials, token_url: "{{ workload.api }}/token", client_id: "c{{ workload.api }}", client_secret: x }`,
    // The tokens of a process are shared: the next row is to find none.
    script: [failing(503), { json: { access_token: 't', expires_in: 0.001 } }, ok],
    requests: [...Array(2).fill('POST /token grant_type=client_credentials'), 'POST /items'],
    items: 2,
    stop: 'single_page',
    waits: [1_000],
  },
  {
    name: 'a body that is not JSON is not',
    step: '',
    script: [{ text: '{"data":' }],
    requests: times(1),
    items: 0,
    error: 'invalid_json',
  },
])

/** NoETL's retry tests: by status code, by exception, with and without success, with stop conditions. */
wireSuite('NoETL retry family', [
  {
    name: 'retry_when over status codes, in the flat form',
    step: `retry:
  max_attempts: 3
  initial_delay: 1.0
  backoff_multiplier: 2.0
  max_delay: 10.0
  retry_when: "{{ error.status in [500, 502, 503] }}"`,
    script: [failing(500), failing(502), ok],
    requests: times(3),
    items: 2,
    stop: 'single_page',
    waits: [1_000, 2_000],
  },
  {
    name: 'retry_when that does not hold',
    step: 'retry: { max_attempts: 3, initial_delay: 1, retry_when: "{{ error.status >= 500 }}" }',
    script: [failing(404)],
    requests: times(1),
    items: 0,
    error: 'http_error',
  },
  {
    name: 'retry: 4 is four tries',
    step: 'retry: 4',
    script: [failing(500), failing(500), failing(500), ok],
    requests: times(4),
    items: 2,
    stop: 'single_page',
    waits: [1_000, 2_000, 4_000],
  },
  {
    name: 'retry: true is the default',
    step: 'retry: true',
    script: [failing(500), ok],
    requests: times(2),
    items: 2,
    stop: 'single_page',
    waits: [1_000],
  },
  {
    name: 'retry: false is one try',
    step: 'retry: false',
    script: [failing(500)],
    requests: times(1),
    items: 0,
    error: 'http_error',
  },
  {
    name: 'retry_when over status_code, as NoETL has it',
    step: 'retry: { max_attempts: 2, initial_delay: 1, retry_when: "{{ status_code == 503 and attempt < 3 }}" }',
    script: [failing(503), ok],
    requests: times(2),
    items: 2,
    stop: 'single_page',
    waits: [1_000],
  },
  {
    name: 'stop_when gives up before the tries are used up',
    step: `retry:
  max_attempts: 5
  initial_delay: 1
  retry_when: "{{ error.status >= 400 }}"
  stop_when: "{{ error.status == 401 }}"`,
    script: [failing(500), failing(401)],
    requests: times(2),
    items: 0,
    error: 'http_error',
    waits: [1_000],
  },
  {
    name: 'delays are capped at max_delay',
    step: 'retry: { max_attempts: 5, initial_delay: 1, backoff_multiplier: 3, max_delay: 5 }',
    script: [failing(500), failing(500), failing(500), failing(500), ok],
    requests: times(5),
    items: 2,
    stop: 'single_page',
    waits: [1_000, 3_000, 5_000, 5_000],
  },
  {
    name: 'no initial_delay is no delay, however often it is multiplied',
    step: 'retry: { on_error: { max_attempts: 4, initial_delay: 0, backoff_multiplier: 1.0e+200 } }',
    script: [failing(500), failing(500), failing(500), ok],
    requests: times(4),
    items: 2,
    stop: 'single_page',
  },
  {
    name: 'max_attempts counts the first try',
    step: 'retry: { max_attempts: 1, retry_when: "{{ error.status == 500 }}" }',
    script: [failing(500)],
    requests: times(1),
    items: 0,
    error: 'http_error',
  },
  {
    name: 'exceptions: a broken connection by error.type',
    step: `retry:
  on_error: { when: "{{ error.type == 'ECONNRESET' }}", max_attempts: 2, initial_delay: 0.1 }`,
    script: [{ fault: 'reset' }, ok],
    requests: times(2),
    items: 2,
    stop: 'single_page',
    waits: [100],
  },
  {
    name: 'exceptions: by error.kind',
    step: `retry:
  on_error: { when: "{{ error.kind in ['network', 'timeout'] }}", max_attempts: 2, initial_delay: 0.1 }`,
    script: [{ fault: 'reset' }, { fault: 'reset' }],
    requests: times(2),
    items: 0,
    error: 'retry_exhausted',
    waits: [100],
  },
  {
    name: 'exceptions: a timeout',
    step: `timeout: 1.5
retry: { on_error: { when: "{{ error.kind == 'timeout' }}", max_attempts: 2, initial_delay: 0.1 } }`,
    script: [{ fault: 'silent' }, ok],
    requests: times(2),
    items: 2,
    stop: 'single_page',
    waits: [100],
  },
  {
    name: 'error.status of a broken connection compares as 0',
    step: 'retry: { on_error: { when: "{{ error.status >= 500 }}" } }',
    script: [{ fault: 'reset' }],
    requests: times(1),
    items: 0,
    error: 'network',
  },
  {
    name: 'the list form: the first entry that holds counts',
    step: `retry:
  - when: "{{ error.status == 429 }}"
    then: { max_attempts: 5, initial_delay: 10 }
  - when: "{{ error.status >= 400 }}"
    then: { max_attempts: 2, initial_delay: 1 }`,
    script: [failing(429), failing(500)],
    requests: times(2),
    items: 0,
    error: 'retry_exhausted',
    waits: [10_000],
  },
  {
    name: 'the list form: errors and pages in one list',
    step: `params: { page: 1 }
retry:
  - when: "{{ error.status in [500, 503] }}"
    then: { max_attempts: 3, initial_delay: 0.5, backoff_multiplier: 2 }
  - when: "{{ response.more }}"
    then:
      max_attempts: 10
      next_call: { params: { page: "{{ response.page + 1 }}" } }
      collect: { strategy: append, path: data, into: all }`,
    script: [
      { json: { data: rows(1, 2), page: 1, more: true } },
      failing(503),
      { json: { data: rows(3, 1), page: 2, more: false } },
    ],
    requests: ['/items?page=1', '/items?page=2', '/items?page=2'],
    items: [1, 2, 3],
    stop: 'while_false',
    waits: [500],
  },
  {
    name: 'several policies: each page counts its own tries',
    step: `${PAGED}
retry: { on_error: { max_attempts: 2, initial_delay: 1 } }`,
    script: [
      failing(500),
      { json: { data: rows(1, 2), more: true } },
      failing(500),
      { json: { data: rows(3, 2), more: false } },
    ],
    requests: ['/items?page=1', '/items?page=1', '/items?page=2', '/items?page=2'],
    items: 4,
    stop: 'has_more_false',
    waits: [1_000, 1_000],
  },
  {
    name: 'over what the try gave, by the name result',
    step: 'retry: { on_error: { when: "{{ result.status_code == 429 and result.data.error == 429 }}", max_attempts: 2 } }',
    script: [failing(429), ok],
    requests: times(2),
    items: 2,
    stop: 'single_page',
    waits: [1_000],
  },
  {
    name: 'over what the try gave, by the name this, which does not hold',
    step: 'retry: { on_error: { when: "{{ this.success or this.status_code > 500 }}" } }',
    script: [failing(500)],
    requests: times(1),
    items: 0,
    error: 'http_error',
  },
  {
    name: 'retry_when over result.data',
    step: 'retry: { max_attempts: 2, initial_delay: 1, retry_when: "{{ result.data.error in [503] }}" }',
    script: [failing(503), ok],
    requests: times(2),
    items: 2,
    stop: 'single_page',
    waits: [1_000],
  },
  {
    name: 'a body-matched retry',
    step: `fail_when: "{{ response.status == 'busy' }}"
retry: { on_error: { when: "{{ response.status == 'busy' }}", max_attempts: 3, initial_delay: 2 } }`,
    script: [{ json: { status: 'busy' } }, { json: { status: 'ok', data: rows(1, 1) } }],
    requests: times(2),
    items: 1,
    stop: 'single_page',
    waits: [2_000],
  },
  {
    name: 'jitter takes a random part of the delay',
    step: 'retry: { on_error: { jitter: true, initial_delay: 4 } }',
    script: [failing(500), ok],
    requests: times(2),
    items: 2,
    stop: 'single_page',
    waits: [2_000],
  },
  {
    name: 'methods let a POST be sent again',
    step: `method: POST
retry: { on_error: { methods: [post], initial_delay: 1 } }`,
    script: [{ fault: 'reset' }, ok],
    requests: ['POST /items', 'POST /items'],
    items: 2,
    stop: 'single_page',
    waits: [1_000],
  },
  {
    name: 'a condition that can not be evaluated ends the page and says so',
    step: 'retry: { on_error: { when: "{{ response.wait > 3 }}" } }',
    script: [failing(500)],
    requests: times(1),
    items: 0,
    error: 'template',
  },
])

const policy = (
  value: string,
  script: Answer[],
  end: Pick<Row, 'requests' | 'items' | 'stop' | 'error' | 'warnings'>,
): Row => ({
  name: `on_page_error: ${value}`,
  step: `paginate: { type: page, items: data, on_page_error: ${value}, stop: { total_pages_path: pages } }
retry: { on_error: { max_attempts: 1 } }`,
  script,
  ...end,
})
const THREE: Answer[] = [
  { json: { data: rows(1, 2), pages: 3 } },
  failing(500),
  { json: { data: rows(5, 2), pages: 3 } },
]

wireSuite('pages that fail for good', [
  policy('fail', THREE, { requests: pages(2), items: 2, error: 'http_error' }),
  policy('skip', THREE, { requests: pages(3), items: 4, stop: 'total_reached', warnings: ['page_skipped'] }),
  policy('stop', THREE, { requests: pages(2), items: 2, stop: 'page_error', warnings: ['more_available'] }),
  {
    name: 'a status that means the end',
    step: 'paginate: { type: page, items: data, stop: { status_codes: [404] } }',
    script: [{ json: { data: rows(1, 2) } }, failing(404)],
    requests: pages(2),
    items: 2,
    stop: 'stop_status',
  },
  {
    name: 'a retried page, after which the pagination goes on',
    step: `${PAGED}
retry: { on_error: { initial_delay: 0.5 } }`,
    script: (request, count) =>
      count === 1 || count === 2
        ? failing(502)
        : (paged(6, 2, (_, more) => ({ more })) as (r: typeof request, n: number) => Answer)(request, count),
    requests: ['/items?page=1', '/items?page=2', '/items?page=2', '/items?page=2', '/items?page=3'],
    items: [1, 2, 3, 4, 5, 6],
    stop: 'has_more_false',
    waits: [500, 1_000],
  },
])
