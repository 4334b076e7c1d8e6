import { createServer } from 'node:http'
import { afterAll, expect, it } from 'vitest'
import { emptyView } from '@/domain/execution/view'
import { applyEvents } from '@/domain/execution/view-fold'
import { setVariables } from '@/server/env'
import { listen } from '@/server/http/testing/connector'
import { eventsOf, startEngine, statusOf } from './testing/start-engine'

const engine = await startEngine('postgresql')
setVariables({ PAGETURNER_ALLOW_HOSTS: 'localhost:*,127.0.0.1:*' })

/** Page 1 is there, the others are not. */
const { origin, close } = await listen(
  createServer((request, response) => {
    const isThere = request.url?.endsWith('page=1') === true
    response.writeHead(isThere ? 200 : 404, { 'content-type': 'application/json' }).end('{"data":[1,2],"more":true}')
  }),
  'http',
)
afterAll(close)

it('tells of a failed step without a loop what its element has, and what was warned of', async () => {
  const id = await engine.run(`apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: failed_alone, path: tests/failed_alone }
workflow:
  - step: start
    tool: http
    url: ${origin}/rows
    paginate: { type: page, items: data, on_page_error: skip, stop: { has_more_path: more } }
`)
  expect(await statusOf(id)).toBe('FAILED')
  const events = await eventsOf(id)
  const failed = events.find(({ event_type: type }) => type === 'action_failed')
  expect(failed?.context).toMatchObject({ pages: 1, items: 2, warnings: [{ kind: 'page_skipped', page: 2 }] })
  const [step] = applyEvents(emptyView(id), events).steps
  expect(step?.elements).toMatchObject([{ status: 'FAILED', warnings: [{ kind: 'page_skipped', page: 2 }] }])
})
