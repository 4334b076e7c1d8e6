import { describe, expect, it, vi } from 'vitest'
import { pool } from '@/server/db/pool'
import { eventsOf, startEngine, stepRow, storyOf } from './testing/start-engine'

vi.mock('@/domain/playbook/parse-playbook', () => ({
  parsePlaybook: (text: string) => ({ playbook: JSON.parse(text), diagnostics: [] }),
}))

vi.mock('@/server/secrets/read-secrets', () => ({
  readSecrets: async (names: string[]) => new Map(names.map((n) => [n, process.env['PAGETURNER_SECRET_' + n] ?? ''])),
}))
vi.mock('@/server/secrets/redact', () => ({
  createRedactor: () => ({ text: (x: string) => x, json: (x: unknown) => x }),
}))
vi.mock('@/server/secrets/checkpoint-seal', () => ({
  sealCheckpoint: (x: unknown) => x,
  openCheckpoint: (x: unknown) => x,
}))

const engine = await startEngine('postgresql')

const common = { description: null, loop: null, sinks: [], next: [] }
const http = {
  ...common,
  tool: 'http',
  method: 'GET',
  params: null,
  headers: null,
  form: null,
  auth: null,
  timeoutSeconds: 30,
  idleTimeoutSeconds: 10,
  maxResponseBytes: 50_000_000,
  response: 'auto',
  failWhen: null,
  crossOrigin: [],
  rateLimit: null,
  retry: { onError: [] },
  written: { retry: { a: 1 } },
}
const loop = {
  collection: '{{ workload.endpoints }}',
  element: 'endpoint',
  mode: 'sequential',
  concurrency: 1,
  chunkSize: null,
  where: null,
  orderBy: null,
  limit: null,
  onFailure: 'fail',
}
const next = (step: string) => [{ step, when: null, else: false }]

const book = {
  name: 'p',
  path: 'tests/p',
  description: null,
  workload: {
    server_url: '{{ secret.PAGINATED_API_URL }}',
    endpoints: [
      { name: 'assessments', path: '/api/v1/assessments', page_size: 10 },
      { name: 'users', path: '/api/v1/users', page_size: 15 },
    ],
  },
  workflow: [
    { ...common, step: 'start', tool: null, next: next('create_table') },
    {
      ...common,
      step: 'create_table',
      tool: 'postgres',
      credential: null,
      retry: { onError: [] },
      written: {},
      action: {
        kind: 'statement',
        statement:
          'CREATE SCHEMA IF NOT EXISTS noetl_test; CREATE TABLE IF NOT EXISTS noetl_test.r (id serial, name text, size int, n int, idx int)',
        params: [],
      },
      next: next('fetch'),
    },
    {
      ...http,
      step: 'fetch',
      url: '{{ workload.server_url }}{{ endpoint.path }}',
      params: { page: 1, pageSize: '{{ endpoint.page_size }}' },
      loop,
      pagination: {
        kind: 'while',
        while: '{{ response.paging.hasMore == true }}',
        maxAttempts: 10,
        nextCall: {
          params: { page: '{{ (response.paging.page | int) + 1 }}' },
          headers: null,
          url: null,
          method: null,
        },
        collect: { path: 'data', strategy: 'append', into: 'pages' },
      },
      sinks: [
        {
          tool: 'postgres',
          per: 'iteration',
          credential: null,
          action: {
            kind: 'rows',
            table: 'noetl_test.r',
            mode: 'insert',
            key: [],
            data: {
              name: '{{ endpoint.name }}',
              size: '{{ endpoint.page_size }}',
              n: '{{ result | length }}',
              idx: '{{ _loop.index }}',
            },
          },
        },
      ],
      next: next('end'),
    },
    { ...common, step: 'end', tool: null },
  ],
  expect: [{ name: '70 items', that: '{{ fetch.stats.items == 70 }}' }],
}

describe('latency', () => {
  it('is', async () => {
    const b = JSON.stringify({
      ...book,
      workflow: book.workflow
        .filter((s) => s.step !== 'create_table')
        .map((s) => (s.step === 'start' ? { ...s, next: next('fetch') } : { ...s, sinks: [] })),
    })
    const { startExecution } = await import('@/server/executions/start-execution')
    const { untilEnded } = await import('./testing/start-engine')
    const ms: number[] = []
    for (let i = 0; i < 40; i++) {
      const n = engine.api.requests().length
      const t = performance.now()
      const { executionId } = await startExecution({ content: b, trigger: {} })
      const t1 = performance.now()
      while (engine.api.requests().length === n) await new Promise((r) => setTimeout(r, 1))
      const t2 = performance.now()
      ms.push(t2 - t)
      await untilEnded(executionId).catch(async (e) => {
        console.log(
          (
            await pool().query(
              'select status, epoch, lease_until, idle_starts, pages, checkpoint, worker_id, now() from noetl.iteration',
            )
          ).rows,
          engine.api.requests().length,
          (
            await pool().query(
              'select pid, state, wait_event, left(query,100) q from pg_stat_activity where datname=current_database()',
            )
          ).rows,
        )
        throw e
      })
      console.log((t1 - t).toFixed(1), (t2 - t).toFixed(1), (performance.now() - t).toFixed(1))
    }
    ms.sort((a, b) => a - b)
    console.log('p50', ms[20], 'min', ms[0], 'max', ms[39])
  }, 60000)
})
