import { createServer } from 'node:http'
import { afterAll, expect, it } from 'vitest'
import { setVariables } from '@/server/env'
import { listIterations } from '@/server/executions/read-iterations'
import { listen } from '@/server/http/testing/connector'
import { eventsOf, startEngine, statusOf } from './testing/start-engine'

const engine = await startEngine('postgresql')
setVariables({ PAGETURNER_ALLOW_HOSTS: 'localhost:*,127.0.0.1:*' })

/** Gives ids of more than 53 bits, one of them in text, and keeps what it is sent letter by letter. */
const sent: string[] = []
const ROWS =
  '[{"id": 9007199254740993}, {"id": "9007199254740993"}, {"id": -18446744073709551615, "x": [9007199254740995]}]'
const { origin, close } = await listen(
  createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += String(chunk)))
    request.on('end', () => {
      if (request.method === 'POST') sent.push(body)
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(request.method === 'POST' ? '{"data": []}' : `{"data": ${ROWS}}`)
    })
  }),
  'http',
)
afterAll(close)

const PLAYBOOK = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: exact, path: tests/exact }
workflow:
  - step: start
    tool: http
    url: ${origin}
    next: [{ step: send }]
  - step: send
    tool: http
    method: POST
    url: ${origin}
    json: { id: "{{ row.id }}", whole: "{{ row }}" }
    loop: { collection: "{{ start.data }}", element: row, order_by: _loop.index }
`

it('sends the ids of elements as the API gave them, numbers as numbers and texts as texts', async () => {
  const id = await engine.run(PLAYBOOK)
  expect(await statusOf(id)).toBe('COMPLETED')
  expect(sent).toEqual([
    '{"id":9007199254740993,"whole":{"id":9007199254740993}}',
    '{"id":"9007199254740993","whole":{"id":"9007199254740993"}}',
    '{"id":-18446744073709551615,"whole":{"x":[9007199254740995],"id":-18446744073709551615}}',
  ])
})

it('shows them with all their digits, in text, to whoever reads plain JSON', async () => {
  const id = await engine.run(PLAYBOOK)
  const elements = [
    { id: '9007199254740993' },
    { id: '9007199254740993' },
    { id: '-18446744073709551615', x: ['9007199254740995'] },
  ]
  const { items } = await listIterations(id, { step: 'send', limit: 10 })
  expect(items.map(({ element }) => element)).toEqual(elements)
  const told = (await eventsOf(id)).filter(({ event_type }) => event_type === 'iteration_completed')
  expect(told.map(({ context }) => context['element'])).toEqual(elements)
})
