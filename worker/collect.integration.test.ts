import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { pool } from '@/server/db/pool'
import { setVariables } from '@/server/env'
import { exportResults } from '@/server/executions/export-results'
import { readRows } from '@/server/executions/read-rows'
import { readSnapshot } from '@/server/executions/read-snapshot'
import { startPacedApi } from './testing/paced-api'
import { eventsOf, startEngine, statusOf, stepRow } from './testing/start-engine'

const engine = await startEngine('postgresql')
const api = await startPacedApi()
setVariables({ PAGETURNER_ALLOW_HOSTS: 'localhost:*' })

/** Two elements of four pages, page n with one item {page: n}, and a step that looks at what came of them. */
const playbook = (collect: string, loop: string): string => `
apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: collected, path: tests/collected }
workload: { list: [a, b] }
workflow:
  - step: start
    next: [{ step: fetch }]
  - step: fetch
    tool: http
    url: "${api.origin}/items"
    params: { page: 1 }
    ${loop}
    retry:
      on_success:
        while: "{{ response.more }}"
        max_attempts: 10
        next_call: { params: { page: "{{ response.data[0].page + 1 }}" } }
        collect: ${collect}
        sink:
          tool: postgres
          statement: "SELECT set_config('pageturner.seen', {{ found | tojson }}, false)"
    next: [{ step: look }]
  - step: look
    tool: postgres
    statement: "SELECT {{ fetch | tojson }}::jsonb AS fetch"
`
const LOOP = 'loop: { collection: "{{ workload.list }}", element: name }'

async function seen(executionId: string): Promise<Record<string, unknown>> {
  const { rows } = await pool().query<{ result: { rows: { fetch: Record<string, unknown> }[] } }>(
    `SELECT checkpoint -> 'result' AS result FROM noetl.iteration WHERE execution_id = $1 AND step = 'look'`,
    [executionId],
  )
  return rows[0]?.result.rows[0]?.fetch ?? {}
}

async function exported(executionId: string, format: 'ndjson' | 'csv' = 'ndjson'): Promise<string[]> {
  const { chunks } = await exportResults(executionId, { format, provenance: false })
  return (await text(chunks)).trim().split(/\r?\n/)
}

async function rows(executionId: string, offset = 0): Promise<{ total: number; items: [number, unknown][] }> {
  const list: { total: number; items: { page: number; item: unknown }[] } = JSON.parse(
    await readRows(executionId, { offset, limit: 50 }),
  )
  return { total: list.total, items: list.items.map(({ page, item }) => [page, item]) }
}

describe('collect: {strategy: replace}', () => {
  it('gives the last page everywhere: templates, rows, exports, counters and the view', async () => {
    const id = await engine.run(playbook('{ strategy: replace, path: data, into: found }', LOOP))
    expect(await statusOf(id)).toBe('COMPLETED')
    expect(await seen(id)).toMatchObject({ results: [[{ page: 4 }], [{ page: 4 }]], stats: { pages: 8, items: 2 } })
    expect(await exported(id)).toEqual(['{"page":4}', '{"page":4}'])
    expect(await exported(id, 'csv')).toEqual(['page', '4', '4'])
    expect(await rows(id)).toEqual({
      total: 2,
      items: [
        [4, { page: 4 }],
        [4, { page: 4 }],
      ],
    })
    expect(await rows(id, 1)).toEqual({ total: 2, items: [[4, { page: 4 }]] })
    expect(await stepRow(id, 'fetch')).toMatchObject({ pages: 8, items: 2 })
    const { view } = await readSnapshot(id)
    expect(view.stats).toMatchObject({ pages: 8, items: 2 })
    const ended = (await eventsOf(id)).filter(({ event_type }) => event_type === 'iteration_completed')
    expect(ended.map(({ context }) => context['items'])).toEqual([1, 1])
  })
})

describe('collect: {strategy: collect}', () => {
  it('gives a list of pages, each of them one row', async () => {
    const id = await engine.run(playbook('{ strategy: collect, path: data, into: found }', ''))
    const pages = [1, 2, 3, 4].map((page) => [{ page }])
    expect(await statusOf(id)).toBe('COMPLETED')
    expect(await seen(id)).toMatchObject({ found: pages, result: pages, stats: { pages: 4, items: 4 } })
    expect(await exported(id)).toEqual(pages.map((page) => JSON.stringify(page)))
    expect((await rows(id)).total).toBe(4)
  })
})

describe('collect.into', () => {
  it('names the items of all pages', async () => {
    const id = await engine.run(playbook('{ path: data, into: found }', ''))
    const items = [1, 2, 3, 4].map((page) => ({ page }))
    expect(await statusOf(id)).toBe('COMPLETED')
    expect(await seen(id)).toMatchObject({ found: items, results: items, stats: { pages: 4, items: 4 } })
  })
})
