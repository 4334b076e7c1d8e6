import { createServer } from 'node:http'
import { afterAll, expect, it } from 'vitest'
import { pool } from '@/server/db/pool'
import { setVariables } from '@/server/env'
import { readRows } from '@/server/executions/read-rows'
import { listen } from '@/server/http/testing/connector'
import { startEngine, statusOf } from './testing/start-engine'

const TOKEN = `tok-"A'b/9+x==&<é>`
const PIN = '12345678'
const LARGE = '98765432109876543'

const escaped = Array.from(TOKEN, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')

/** What the API answers under each path: its own way to give the caller's secrets back. */
const ANSWERS: Readonly<Record<string, string>> = {
  '/number': `{"data": [{"id": 9007199254740993, "pin": ${PIN}, "large": ${LARGE}}]}`,
  '/filtered': `{"data": [{"id": 9007199254740993, "pin": ${PIN}, "large": ${LARGE}}]}`,
  '/escaped': `{"data": [{"id": 1, "echo": "<${escaped}>"}]}`,
  '/in-text': `{"data": [{"id": 1, "echo": ${JSON.stringify(`{"token": "${escaped}"}`)}}]}`,
}

/** What is kept of them. */
const MASKED: Readonly<Record<string, object>> = {
  '/number': { pin: '•••', large: '•••' },
  '/filtered': { pin: '•••', large: '•••' },
  '/escaped': { echo: '<•••>' },
  '/in-text': { echo: '{"token": "•••"}' },
}

const OAUTH = (id: string): string =>
  `auth: { type: oauth2_client_credentials, token_url: "{{ workload.api }}/token", client_id: ${id}, client_secret: "{{ secret.CLIENT }}" }`

/** Answers that are told in part, so long before the secret that the cut goes through it. */
const CUT: Readonly<
  Record<string, { status?: number; body: string; headers?: Record<string, string>; paginate: string }>
> = {
  'an error page': { status: 400, body: `${'x'.repeat(194)} ${TOKEN}`, paginate: '{ type: none }' },
  'the kept body of an error page': {
    status: 400,
    body: JSON.stringify({ text: `${'x'.repeat(64 * 1024 - 16)}${TOKEN}` }),
    paginate: '{ type: none }',
  },
  'a page that is no JSON': { body: `${'x'.repeat(75)}${TOKEN}`, paginate: '{ type: none }' },
  'a place in a page where its JSON ends': {
    body: `["${'x'.repeat(100)}",${TOKEN}]`,
    paginate: '{ type: none }',
  },
  'a failed check': {
    body: JSON.stringify({ error: `${'x'.repeat(195)}${TOKEN}` }),
    paginate: '{ type: none }\n    fail_when: "{{ response.error }}"',
  },
  'an error of GraphQL': {
    body: JSON.stringify({ errors: [{ message: `${'x'.repeat(195)}${TOKEN}` }] }),
    paginate: '{ type: graphql, items: data, page_info: data.pageInfo }',
  },
  'a next URL': {
    body: JSON.stringify({
      data: [1],
      next: `ftp://elsewhere.test/${'x'.repeat(90)}?k=${encodeURIComponent(TOKEN)}`,
    }),
    paginate: '{ type: next_url, path: next, items: data }',
  },
  'a cursor that comes again': {
    body: JSON.stringify({ data: [1], next: `${'x'.repeat(75)}${TOKEN}` }),
    paginate: '{ type: cursor, path: next, items: data }',
  },
  'a Link header': {
    headers: { Link: `<https://a.test/>; rel="next"${'x'.repeat(35)}${encodeURIComponent(TOKEN)}` },
    body: '{"data": [1]}',
    paginate: '{ type: link, items: data }',
  },
  'a value that is no number': {
    body: JSON.stringify({ data: [1], next: `${'x'.repeat(35)}${TOKEN}` }),
    paginate: '{ type: none, items: data, stop: { when: "{{ (response.next | int) > 1 }}" } }',
  },
}

const remembered = new Set<string>()

const engine = await startEngine('postgresql')
const server = await listen(
  createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    remembered.add(String(request.headers['x-token'] ?? request.headers.authorization ?? ''))
    if (request.url === '/token') return response.end(JSON.stringify({ access_token: 'tok-of-an-endpoint' }))
    if (request.url === '/account') {
      let body = ''
      request.on('data', (chunk) => (body += String(chunk)))
      request.on('end', () => {
        remembered.add(String(JSON.parse(body).private_key))
        response.end('{"data": []}')
      })
      return
    }
    if (request.url === '/remembered') return response.end(JSON.stringify({ data: [...remembered] }))
    const told = CUT[decodeURIComponent(request.url?.slice(1).split('?')[0] ?? '')]
    if (told !== undefined) return response.writeHead(told.status ?? 200, told.headers).end(told.body)
    return response.end(ANSWERS[request.url ?? ''] ?? '{"data": []}')
  }),
  'http',
)
afterAll(server.close)
setVariables({
  PAGETURNER_ALLOW_HOSTS: 'localhost:*',
  PAGETURNER_SECRET_TOKEN: TOKEN,
  PAGETURNER_SECRET_CLIENT: 'the-secret-of-the-client',
  PAGETURNER_SECRET_ACCOUNT: JSON.stringify({ type: 'service_account', private_key: 'tok-in-an-object' }),
  PAGETURNER_SECRET_PIN: PIN,
  PAGETURNER_SECRET_LARGE: LARGE,
})

const playbook = (path: string): string => `
apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: echo, path: tests/echo }
workload: { api: "${server.origin}" }
workflow:
  - step: start
    tool: http
    url: "{{ workload.api }}${path}"
    headers: { X-Token: "{{ secret.TOKEN }}", X-Pin: "{{ secret.PIN }}", X-Large: "{{ secret.LARGE }}" }
    paginate: { type: none, items: data${path === '/filtered' ? ', filter: "{{ item.pin == 12345678 }}"' : ''} }
    next: [{ step: look }]
  - step: look
    tool: transform
    input: "{{ start.results }}"
    expression: $
`

async function storedText(executionId: string): Promise<string> {
  const parts = ['event', 'page', 'attempt', 'iteration', 'step', 'execution'].map(
    (table) => `(SELECT json_agg(t) FROM noetl.${table} t WHERE execution_id = $1)::text`,
  )
  const { rows } = await pool().query<{ text: string }>(`SELECT concat(${parts.join(', ')}) AS text`, [executionId])
  return rows[0]?.text ?? ''
}

it.each(Object.keys(ANSWERS))('shows no secret of an API that answers %s, and keeps its JSON', async (path) => {
  const id = await engine.run(playbook(path))
  const rows = await readRows(id, { step: 'start', offset: 0, limit: 10 })
  expect(await statusOf(id)).toBe('COMPLETED')
  expect(JSON.parse(rows)).toMatchObject({ items: [{ item: MASKED[path] }] })
  expect(`${await storedText(id)}${rows}`).not.toMatch(/12345678|98765432109876543|u0074|tok-/)
})

it('shows no secret of one step in the answer to another one that was given none', async () => {
  const id = await engine.run(`
apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: remember, path: tests/remember }
workload: { api: "${server.origin}" }
workflow:
  - step: start
    tool: http
    url: "{{ workload.api }}/tell"
    headers: { X-Token: "{{ secret.TOKEN }}" }
    next: [{ step: ask }]
  - step: ask
    desc: asks what the API remembers {{ of us
    tool: http
    url: "{{ workload.api }}/remembered"
    next: [{ step: never, when: "{{ false }}" }]
  - step: never
    tool: http
    url: "{{ workload.api }}/{{ secret.NOT_SET }}"
`)
  expect(await statusOf(id)).toBe('COMPLETED')
  const text = await storedText(id)
  expect(text).toContain('•••')
  expect(text).not.toContain('tok-')
})

it.each(Object.entries(CUT))('shows no part of a secret that lies across a cut: %s', async (name, { paginate }) => {
  const id = await engine.run(`
apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: cut, path: tests/cut }
workload: { api: "${server.origin}" }
workflow:
  - step: start
    tool: http
    url: "{{ workload.api }}/${encodeURIComponent(name)}"
    headers: { X-Token: "{{ secret.TOKEN }}" }
    paginate: ${paginate}
`)
  expect(await statusOf(id)).toBe('FAILED')
  const text = await storedText(id)
  expect(text).toContain('•••')
  expect(text).not.toMatch(/tok-|%22A|9%2B|secret_text/i)
})

it('shows no access token of one step in the answer to another one, and no part of a secret that is JSON', async () => {
  remembered.clear()
  const id = await engine.run(`
apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: remember, path: tests/remember }
workload: { api: "${server.origin}" }
workflow:
  - step: start
    tool: http
    url: "{{ workload.api }}/tell"
    ${OAUTH('one')}
    next: [{ step: tell }]
  - step: tell
    tool: http
    url: "{{ workload.api }}/account"
    method: POST
    body: "{{ secret.ACCOUNT }}"
    next: [{ step: ask }]
  - step: ask
    tool: http
    url: "{{ workload.api }}/remembered"
`)
  expect(await statusOf(id)).toBe('COMPLETED')
  expect([...remembered]).toContain('Bearer tok-of-an-endpoint')
  expect([...remembered]).toContain('tok-in-an-object')
  const text = await storedText(id)
  expect(text).toContain('Bearer •••')
  expect(text).not.toContain('tok-')
})
