import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parsePlaybook } from '@/domain/playbook/parse-playbook'
import type { HttpStep, Playbook } from '@/domain/playbook/playbook'
import { renderDeep } from '@/domain/playbook/template/evaluate-template'
import { setVariables } from '../env'
import { startSampleApi, type SampleApi } from '../sample-api/sample-api'
import { runOnWire, type WireResult } from './testing/run-on-wire'

type Row = { path: string; requests: string[]; items: number[]; stop: string; warnings?: string[]; waits?: number[] }

const each = (path: string, numbers: readonly number[], query: (page: number) => string): string[] =>
  numbers.map((page) => `GET ${path}?${query(page)}`)
const FLAKY = (page: number): string => `page=${page}&pageSize=10&fail_on=2%2C3&key=RUN`

const ROWS: Row[] = [
  {
    path: 'pagination/basic',
    requests: each('/api/v1/assessments', [1, 2, 3, 4], (page) => `page=${page}&pageSize=10`),
    items: [35],
    stop: 'while_false',
  },
  {
    path: 'pagination/offset',
    requests: each('/api/v1/users', [0, 10, 20, 30], (offset) => `offset=${offset}&limit=10`),
    items: [35],
    stop: 'has_more_false',
  },
  {
    path: 'pagination/cursor',
    requests: [
      'GET /api/v1/events?limit=10',
      ...each(
        '/api/v1/events',
        [10, 20, 30],
        (after) => `limit=10&cursor=${btoa(`after:${after}`).replaceAll('=', '')}`,
      ),
    ],
    items: [35],
    stop: 'while_false',
  },
  {
    path: 'pagination/max_iterations',
    requests: each('/api/v1/assessments', [1, 2], (page) => `page=${page}&pageSize=10`),
    items: [20],
    stop: 'max_pages',
    warnings: ['more_available'],
  },
  {
    path: 'pagination/retry',
    requests: each('/api/v1/flaky', [1, 2, 2, 3, 3, 4], FLAKY),
    items: [35],
    stop: 'while_false',
    waits: [500, 500],
  },
  {
    path: 'tests/pagination/loop_with_pagination/loop_with_pagination',
    requests: [
      ...each('/api/v1/assessments', [1, 2, 3, 4], (page) => `page=${page}&pageSize=10`),
      ...each('/api/v1/users', [1, 2, 3], (page) => `page=${page}&pageSize=15`),
    ],
    items: [35, 35],
    stop: 'while_false',
  },
]

let api: SampleApi | undefined

describe('the shipped playbooks', () => {
  beforeAll(async () => {
    setVariables({ PAGETURNER_ALLOW_HOSTS: '127.0.0.1:*,localhost:*' })
    api = await startSampleApi({ host: '127.0.0.1', port: 0 })
  })
  afterAll(() => api?.close())

  test.each(ROWS)('$path', (row) => check(row, false))
  test.each(ROWS)('$path, with a restart after every answer', (row) => check(row, true))
})

async function check(row: Row, restarts: boolean): Promise<void> {
  if (api === undefined) throw new Error('the sample API did not start')
  const before = api.requests().length
  const key = restarts ? 'restarted' : 'straight'
  const results = await runPlaybook(row.path, { api: api.url, key, restarts })
  const requests = api.requests().slice(before)
  expect(requests.map(({ method, url }) => `${method} ${url}`.replace(`key=${key}`, 'key=RUN'))).toEqual(row.requests)
  expect(results.map(({ items }) => items.length)).toEqual(row.items)
  for (const { state, waits } of results) {
    expect(state.status === 'completed' ? state.stopReason : state).toBe(row.stop)
    expect(state.progress.warnings.map(({ kind }) => kind)).toEqual(row.warnings ?? [])
    expect(waits).toEqual(row.waits ?? [])
  }
}

/** Every element of the playbook's http steps, one after another. */
async function runPlaybook(path: string, run: { api: string; key: string; restarts: boolean }): Promise<WireResult[]> {
  const { playbook, diagnostics } = parsePlaybook(await readFile(`playbooks/${path}.yaml`, 'utf8'))
  if (playbook === null) throw new Error(JSON.stringify(diagnostics))
  const results: WireResult[] = []
  for (const step of playbook.workflow) {
    if (step.tool !== 'http') continue
    for (const scope of scopesOf(playbook, step, run))
      results.push(await runOnWire({ step, scope, restarts: run.restarts, secrets: { PAGINATED_API_URL: run.api } }))
  }
  return results
}

function scopesOf(playbook: Playbook, step: HttpStep, run: { key: string }): Record<string, unknown>[] {
  const outer = { execution_id: run.key }
  const scope = { ...outer, workload: renderDeep(playbook.workload, outer) }
  if (step.loop === null) return [scope]
  const collection = renderDeep(step.loop.collection, scope)
  const { element } = step.loop
  return Array.isArray(collection) ? collection.map((value: unknown) => ({ ...scope, [element]: value })) : []
}
