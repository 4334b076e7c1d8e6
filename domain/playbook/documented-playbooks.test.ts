import { describe, expect, it } from 'vitest'
import { parsePlaybook } from './parse-playbook'

/** The whole example of the language's reference. */
const EXAMPLE = `apiVersion: noetl.io/v1
kind: Playbook
metadata:
  name: loop_with_pagination
  path: tests/pagination/loop_with_pagination/loop_with_pagination
  description: every page of two endpoints
workload:                                        # inputs; a run may override any key
  server_url: "{{ secret.PAGINATED_API_URL }}"
  endpoints:
    - { name: assessments, path: /api/v1/assessments, page_size: 10 }
    - { name: users,       path: /api/v1/users,       page_size: 15 }
workflow:
  - step: start
    next: [{ step: fetch_all_endpoints }]
  - step: fetch_all_endpoints
    tool: http
    method: GET
    url: "{{ workload.server_url }}{{ endpoint.path }}"
    params: { page: 1, pageSize: "{{ endpoint.page_size }}" }
    loop:
      collection: "{{ workload.endpoints }}"
      element: endpoint
      mode: sequential
    retry:
      on_error:
        when: "{{ error.status in [429, 500, 502, 503, 504] }}"
        max_attempts: 3
        initial_delay: 0.5
        backoff_multiplier: 2.0
      on_success:
        while: "{{ response.paging.hasMore == true }}"
        max_attempts: 10
        next_call: { params: { page: "{{ (response.paging.page | int) + 1 }}" } }
        collect: { strategy: append, path: data, into: pages }
    next: [{ step: end }]
  - step: end
expect:
  - { name: both endpoints, that: "{{ fetch_all_endpoints.stats.success == 2 }}" }
  - { name: 70 items,       that: "{{ fetch_all_endpoints.stats.items == 70 }}" }
`

/** One step with each key that the reference names for it. */
const STEPS: [string, string][] = [
  [
    'http',
    `tool: http
method: POST
url: https://api.example.com/{{ workload.a }}
params: { q: "{{ workload.a }}" }
headers: { X-Token: "Bearer {{ secret.TOKEN }}" }
json: { query: "{{ workload.a }}" }
auth: { type: bearer, token: "{{ secret.TOKEN }}" }
timeout: 10
idle_timeout: 2.5
max_response_bytes: 1000
response: json
fail_when: response.status == 'error'
cross_origin: ["https://files.example.com"]
rate_limit: { requests: 10, per: 60 }`,
  ],
  ['basic auth', 'tool: http\nurl: http://a\nauth: { type: basic, username: u, password: "{{ secret.P }}" }'],
  ['api_key auth', 'tool: http\nurl: http://a\nauth: { type: api_key, value: "{{ secret.P }}", in: query }'],
  [
    'oauth2 auth',
    'tool: http\nurl: http://a\nauth: { type: oauth2_client_credentials, token_url: http://t, client_id: c, client_secret: "{{ secret.P }}", scope: s }',
  ],
  ['a credential', 'tool: http\nurl: http://a\ncredential: crm\nform: { a: 1 }'],
  ['a statement', 'tool: postgres\ncredential: warehouse\nstatement: select $1\nparams: ["{{ workload.a }}"]'],
  ['rows', 'tool: postgres\ntable: noetl_test.x\nmode: upsert\nkey: [id]\ndata: { id: "{{ workload.a }}" }'],
  ['transform', 'tool: transform\ninput: "{{ start }}"\nexpression: "$sum(items.`{{ not a template }}`)"'],
  ['playbook', 'tool: playbook\npath: pagination/basic\nworkload: { api_url: "{{ workload.a }}" }'],
  ['assert', 'tool: assert\nthat: [{ name: a is one, expr: workload.a == 1 }]'],
  [
    'an async loop',
    `tool: http
url: http://a/{{ e.id }}
loop: { collection: [{ id: 1 }], element: e, mode: async, concurrency: 4, where: e.id > 0, order_by: "-{{ e.id }}", limit: "{{ workload.a }}", on_failure: continue }
sink: { tool: postgres, per: page, table: a.b, data: "{{ result }}" }`,
  ],
  [
    'a chunked loop',
    'tool: http\nurl: http://a/{{ _loop.index }}/{{ _loop.count }}/{{ _loop.size }}\nloop: { collection: { a: 1, b: 2 }, element: e, mode: chunked, chunk_size: 2 }',
  ],
  [
    'error policies',
    `tool: http
url: http://a
retry:
  on_error:
    - { when: error.status == 429 and error.retryable, max_attempts: 9, max_wait: 60, methods: [get] }
    - { when: "{{ error.kind == 'timeout' }}", max_delay: 5, jitter: true, backoff_multiplier: 3 }`,
  ],
  [
    'conditions on headers',
    'tool: http\nurl: http://a\nretry: { on_success: { while: "{{ http.headers[\'x-next\'] is defined }}", next_call: { url: "{{ http.headers[\'x-next\'] }}", method: GET, headers: { a: b }, json: {} } } }',
  ],
  [
    'paginate with everything',
    `tool: http
url: http://a
paginate:
  type: page
  param: p
  start: 0
  limit_param: size
  limit: 50
  in: query
  items: "$.data['odd.key'][*]"
  inject_first: false
  parallel: 4
  interval: 0.5
  stop:
    has_more_path: paging.more
    total_items_path: paging.total
    total_items_header: X-Total
    total_pages_path: paging.pages
    empty_page: false
    short_page: true
    status_codes: [404]
    when: response.done
    item_when: item.date < workload.a
    max_pages: 10
    max_items: "{{ workload.a }}"
  on_page_error: skip
  dedupe: id
  filter: item.ok
  loop_guard: token`,
  ],
]

describe('the reference of the language', () => {
  it('has an example that is a playbook', () => {
    const { playbook, diagnostics } = parsePlaybook(EXAMPLE)
    expect(diagnostics).toEqual([])
    expect(playbook?.workflow[1]).toMatchObject({
      tool: 'http',
      loop: { element: 'endpoint', mode: 'sequential', concurrency: 1, onFailure: 'fail' },
      timeoutSeconds: 30,
      idleTimeoutSeconds: 10,
      maxResponseBytes: 52_428_800,
      pagination: { kind: 'while', maxAttempts: 10 },
      written: { retry: { on_error: { initial_delay: 0.5 }, on_success: { collect: { into: 'pages' } } } },
    })
  })

  it.each(STEPS)('is followed for %s', (_what, lines) => {
    const step = lines
      .split('\n')
      .map((line) => `    ${line}`)
      .join('\n')
    const text = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: a }
workload: { a: 1 }
workflow:
  - step: start
    next: [{ step: one, when: workload.a == 1 }, { step: two, else: true }]
  - step: one
${step}
  - step: two
`
    expect(parsePlaybook(text).diagnostics).toEqual([])
  })
})
