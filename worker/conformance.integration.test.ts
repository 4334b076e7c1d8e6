import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startScriptedServer, type Script, type ScriptedServer } from '@/server/conformance/testing/scripted-server'
import { rows } from '@/server/conformance/testing/suite'
import { pool } from '@/server/db/pool'
import { setVariables } from '@/server/env'
import { eventsOf, startEngine, statusOf } from './testing/start-engine'

const engine = await startEngine('postgresql')
let api: ScriptedServer | undefined

type Row = {
  name: string
  step: string
  script: Script
  requests: string[]
  iteration: {
    status: string
    stop_reason?: string | null
    pages: number
    items: number
    retries?: number
    epoch?: number
  }
  /** Part of the last page's event. */
  next?: object
  error?: string
}

const ROWS: Row[] = [
  {
    name: 'finds out the pagination, and is not thrown off by giving up its slot between page 1 and the proof',
    step: 'paginate: { type: auto, interval: 3 }',
    script: ({ query }) =>
      query['next_cursor'] === 'abc'
        ? { json: { data: rows(3, 1), next_cursor: null } }
        : { json: { data: rows(1, 2), next_cursor: 'abc' } },
    requests: ['/items', '/items?cursor=abc', '/items?next_cursor=abc'],
    iteration: { status: 'COMPLETED', stop_reason: 'no_next', pages: 2, items: 3, retries: 1, epoch: 3 },
    next: { auto: { proved: true, choice: { type: 'cursor', path: 'next_cursor', param: 'next_cursor' } } },
  },
  {
    name: 'fails with what it saw when no guess holds, and keeps page 1',
    step: 'paginate: { type: auto }',
    script: () => ({ json: { data: rows(1, 2), total: 9 } }),
    requests: ['/items', '/items?page=1', '/items?page=2', '/items?offset=2'],
    iteration: { status: 'FAILED', pages: 1, items: 2 },
    error: 'auto_unproven',
  },
  {
    name: 'keeps digits and NUL through the database',
    step: 'paginate: { type: last_record, field: id, param: after, items: data, stop: { max_pages: 2 } }',
    script: [{ text: '{"data":[{"id":9007199254740993,"name":"a\\u0000b"}]}' }, { json: { data: rows(1, 1) } }],
    requests: ['/items', '/items?after=9007199254740993'],
    iteration: { status: 'COMPLETED', stop_reason: 'max_pages', pages: 2, items: 2 },
  },
  {
    name: 'tries a reset connection again and follows Link headers',
    step: 'retry: { on_error: { initial_delay: 0.05 } }\n    paginate: { type: link, items: $ }',
    script: [
      { json: rows(1, 2), headers: { link: '<?p=2>; rel="next"' } },
      { fault: 'reset_in_body', json: rows(3, 2) },
      { json: rows(3, 2), encode: 'gzip' },
    ],
    requests: ['/items', '/items?p=2', '/items?p=2'],
    iteration: { status: 'COMPLETED', stop_reason: 'no_next', pages: 2, items: 4, retries: 1 },
  },
  {
    name: 'ends a run that goes in a circle',
    step: 'paginate: { type: cursor, path: next, items: data }',
    script: (_, count) => ({ json: { data: rows(count * 2, 2), next: ['a', 'b', 'a'][count] } }),
    requests: ['/items', '/items?cursor=a', '/items?cursor=b'],
    iteration: { status: 'FAILED', pages: 2, items: 4 },
    error: 'loop_detected',
  },
]

describe('a worker against a scripted API', () => {
  beforeAll(async () => {
    setVariables({ PAGETURNER_ALLOW_HOSTS: '127.0.0.1:*,localhost:*' })
    api = await startScriptedServer()
  })
  afterAll(() => api?.close())

  test.each(ROWS)('$name', async (row) => {
    if (api === undefined) throw new Error('the scripted server did not start')
    api.play(row.script)
    const id = await engine.run(playbook(row.step), { api: api.api })
    const events = await eventsOf(id)
    expect(api.requests().map(({ target }) => target)).toEqual(row.requests)
    expect(await iterationOf(id)).toMatchObject(row.iteration)
    expect(await statusOf(id)).toBe(row.iteration.status)
    if (row.error !== undefined) {
      const failed = events.find(({ event_type }) => event_type === 'playbook_failed')
      expect(failed?.context).toMatchObject({ error: { kind: row.error } })
    }
    const fetched = events.filter(({ event_type }) => event_type === 'page_fetched')
    if (row.next !== undefined) expect(fetched.at(-1)?.context['next']).toMatchObject(row.next)
  })
})

const playbook = (step: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: wire, path: tests/wire }
workload: { api: http://api }
workflow:
  - step: start
    next: [{ step: fetch }]
  - step: fetch
    tool: http
    url: "{{ workload.api }}/items"
    ${step}
    next: [{ step: end }]
  - step: end
`

async function iterationOf(id: string): Promise<unknown> {
  const { rows: found } = await pool().query<{ json: unknown }>(
    'SELECT to_json(i) AS json FROM noetl.iteration i WHERE execution_id = $1',
    [id],
  )
  return found[0]?.json
}
