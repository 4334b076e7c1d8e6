/** A step, or a whole playbook, as the reference shows it. Every one is parsed by a test, and those that fetch are run. */
export type Example = { name: string; yaml: string }

const step = (name: string, lines: string): Example => ({
  name,
  yaml: `- step: fetch\n${lines.replaceAll(/^(?=.)/gm, '  ')}`,
})
const USERS = 'tool: http\nurl: "{{ workload.api_url }}/api/v1/users"\n'
const ASSESSMENTS = 'tool: http\nurl: "{{ workload.api_url }}/api/v1/assessments"\n'
const FLAKY = 'tool: http\nurl: "{{ workload.api_url }}/api/v1/flaky"\n'
const CONTACTS = 'tool: http\nurl: "{{ workload.api_url }}/v1/contacts"\n'

export const PLAYBOOK: Example = {
  name: 'a whole playbook',
  yaml: `apiVersion: noetl.io/v1
kind: Playbook
metadata:
  name: users
  path: examples/users
  description: Every user, page by page
workload:
  api_url: "{{ secret.PAGINATED_API_URL }}"
workflow:
  - step: start
    next: [{ step: fetch_users }]
  - step: fetch_users
    tool: http
    url: "{{ workload.api_url }}/api/v1/users"
    paginate: { type: offset, limit: 20, items: users, stop: { has_more_path: has_more } }
    next:
      - { step: check, when: "{{ fetch_users.stats.items > 0 }}" }
      - { step: end, else: true }
  - step: check
    tool: assert
    that: [{ name: everybody came, expr: "{{ fetch_users.stats.items == 35 }}" }]
    next: [{ step: end }]
  - step: end
expect:
  - { name: 35 users, that: "{{ fetch_users.stats.items == 35 }}" }
`,
}

export const TOOLS: Readonly<Record<string, Example>> = {
  http: step(
    'http',
    `tool: http
method: GET
url: "{{ workload.api_url }}/api/v1/users"
params: { page: 1, pageSize: 5 }
headers: { X-Request-Source: pageturner }
timeout: 10
fail_when: "{{ response.error is defined }}"
`,
  ),
  postgres: step(
    'postgres',
    `tool: postgres
statement: |
  SELECT count(*) AS users FROM noetl_test.users WHERE execution_id = {{ execution_id }}::bigint
`,
  ),
  transform: step(
    'transform',
    `tool: transform
input: "{{ workload.rows }}"
expression: "$[amount > 10].{ 'id': id, 'amount': amount }"
`,
  ),
  assert: step(
    'assert',
    `tool: assert
that:
  - { name: there are rows, expr: "{{ workload.rows | length > 0 }}" }
`,
  ),
  playbook: step(
    'playbook',
    `tool: playbook
path: pagination/basic
workload: { api_url: "{{ workload.api_url }}" }
`,
  ),
  route: step(
    'route',
    `next:\n  - { step: end, when: "{{ workload.rows | length > 0 }}" }\n  - { step: end, else: true }\n`,
  ),
}

/** Each step reads those before it. */
export const RESULTS: Example = {
  name: 'results',
  yaml: `- step: fetch
  tool: postgres
  statement: SELECT id, region FROM noetl_test.customers WHERE active
  next:
    - { step: pull, when: "{{ fetch.row_count > 0 }}" }
    - { step: end, else: true }
- step: pull
  loop: { collection: "{{ fetch.rows }}", element: customer, mode: async, concurrency: 4, on_failure: continue }
  tool: playbook
  path: examples/users
  workload: { customer: "{{ customer.id }}" }
  next: [{ step: total }]
- step: total
  tool: transform
  input: "{{ pull.results }}"
  expression: "{ 'items': $sum(stats.items) }"
  next: [{ step: save }]
- step: save
  tool: postgres
  table: noetl_test.marks
  mode: upsert
  key: name
  data: { name: users, items: "{{ total.items }}", failed: "{{ pull.stats.failed }}" }
`,
}

export const AUTH: Readonly<Record<string, Example>> = {
  bearer: step('bearer', `${CONTACTS}auth: { type: bearer, token: "{{ secret.CRM_TOKEN }}" }\n`),
  basic: step('basic', `${CONTACTS}auth: { type: basic, username: reader, password: "{{ secret.CRM_PASSWORD }}" }\n`),
  api_key: step('api_key', `${CONTACTS}auth: { type: api_key, name: X-API-Key, value: "{{ secret.CRM_KEY }}" }\n`),
  oauth2_client_credentials: step(
    'oauth2_client_credentials',
    `${CONTACTS}auth:
  type: oauth2_client_credentials
  token_url: "{{ workload.api_url }}/oauth/token"
  client_id: pageturner
  client_secret: "{{ secret.CRM_CLIENT_SECRET }}"
  scope: contacts.read
`,
  ),
}

export const LOOPS: Readonly<Record<string, Example>> = {
  sequential: step(
    'sequential',
    `loop:
  collection: [{ path: users, size: 15 }, { path: assessments, size: 10 }]
  element: endpoint
tool: http
url: "{{ workload.api_url }}/api/v1/{{ endpoint.path }}"
params: { pageSize: "{{ endpoint.size }}" }
paginate: { type: page, items: data, stop: { has_more_path: paging.hasMore } }
`,
  ),
  async: step(
    'async',
    `loop:
  collection: "{{ workload.rows }}"
  element: row
  mode: async
  concurrency: 4
  where: "{{ row.amount > 10 }}"
  order_by: "-row.amount"
  limit: 100
  on_failure: continue
tool: http
url: "{{ workload.api_url }}/api/v1/users"
params: { pageSize: "{{ row.id }}" }
`,
  ),
  chunked: step(
    'chunked',
    `loop: { collection: "{{ workload.rows }}", element: batch, mode: chunked, chunk_size: 2 }
tool: http
url: "{{ workload.api_url }}/api/v1/users"
params: { pageSize: "{{ batch | length }}" }
`,
  ),
}

export const RETRIES: Readonly<Record<string, Example>> = {
  mapping: step(
    'mapping',
    `${FLAKY}params: { page: 1, pageSize: 10, fail_on: "2", key: mapping }
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
`,
  ),
  list: step(
    'list',
    `${FLAKY}params: { page: 1, pageSize: 10, fail_on: "3", key: list }
retry:
  - when: "{{ error.status == 429 }}"
    then: { max_attempts: 10, max_wait: 600 }
  - when: "{{ error.status >= 500 }}"
    then: { max_attempts: 3, initial_delay: 0.5 }
  - when: "{{ response.paging.hasMore == true }}"
    then:
      max_attempts: 10
      next_call: { params: { page: "{{ (response.paging.page | int) + 1 }}" } }
      collect: { strategy: append, path: data, into: pages }
`,
  ),
  flat: step(
    'flat',
    `${FLAKY}params: { page: 1, pageSize: 10, fail_on: "1", key: flat }
retry:
  max_attempts: 3
  initial_delay: 1
  retry_when: "{{ error.status >= 500 }}"
  stop_when: "{{ error.status == 501 }}"
`,
  ),
  short: step('short', `${FLAKY}params: { page: 1, pageSize: 10, fail_on: "1", key: short }\nretry: 5\n`),
}

export const PAGINATES: Readonly<Record<string, Example>> = {
  page: step(
    'page',
    `${ASSESSMENTS}paginate:
  type: page
  limit_param: pageSize
  limit: 10
  items: data
  stop: { has_more_path: paging.hasMore, total_items_path: paging.total }
`,
  ),
  offset: step(
    'offset',
    `${USERS}paginate: { type: offset, limit: 20, items: users, stop: { total_items_path: total } }\n`,
  ),
  cursor: step(
    'cursor',
    `tool: http
url: "{{ workload.api_url }}/api/v1/events"
params: { limit: 10 }
paginate: { type: cursor, path: next_cursor, param: cursor, items: events }
`,
  ),
  last_record: step(
    'last_record',
    `${CONTACTS}params: { limit: 2 }\npaginate: { type: last_record, field: id, param: starting_after, items: data, stop: { has_more_path: has_more } }\n`,
  ),
  next_url: step('next_url', `${CONTACTS}paginate: { type: next_url, path: paging.next, items: results }\n`),
  link: step('link', `${CONTACTS}paginate: { type: link, items: "$" }\n`),
  graphql: step(
    'graphql',
    `tool: http
method: POST
url: "{{ workload.api_url }}/graphql"
json:
  query: "query($cursor: String) { contacts(first: 2, after: $cursor) { nodes { id } pageInfo { hasNextPage endCursor } } }"
paginate: { type: graphql, page_info: data.contacts.pageInfo, items: data.contacts.nodes }
`,
  ),
  auto: step('auto', `${USERS}params: { limit: 20 }\npaginate: { type: auto }\n`),
  none: step('none', `${USERS}paginate: { type: none, items: users }\n`),
}

export const STOP: Example = step(
  'stop',
  `${ASSESSMENTS}paginate:
  type: page
  items: data
  parallel: 2
  filter: "{{ item.passed }}"
  stop: { total_items_path: paging.total, max_pages: 100 }
`,
)

export const SINKS: Readonly<Record<string, Example>> = {
  'of a step': step(
    'of a step',
    `${USERS}paginate: { type: offset, items: users, stop: { has_more_path: has_more } }
sink:
  tool: postgres
  table: noetl_test.users
  mode: upsert
  key: [id]
  data: "{{ result }}"
`,
  ),
  'of an iteration': step(
    'of an iteration',
    `${ASSESSMENTS}params: { page: 1 }
retry:
  on_success:
    while: "{{ response.paging.hasMore }}"
    next_call: { params: { page: "{{ (response.paging.page | int) + 1 }}" } }
    collect: { path: data, into: rows }
    sink:
      tool: postgres
      table: noetl_test.counts
      data: { execution_id: "{{ execution_id }}", rows: "{{ result | length }}" }
`,
  ),
  'of a page': step(
    'of a page',
    `${USERS}paginate: { type: offset, items: users, stop: { has_more_path: has_more } }
sink:
  tool: postgres
  per: page
  statement: "INSERT INTO noetl_test.bodies (body) VALUES ({{ response | tojson }}::json)"
`,
  ),
}

/** All of them, for the test. */
export const ALL_EXAMPLES: readonly Example[] = [
  PLAYBOOK,
  RESULTS,
  ...[TOOLS, AUTH, LOOPS, RETRIES, PAGINATES, SINKS].flatMap((group) => Object.values(group)),
  STOP,
]
