import { readFile } from 'node:fs/promises'
import { describe, expect, it, vi } from 'vitest'
import { pool } from '@/server/db/pool'
import { startExecution } from '@/server/executions/start-execution'
import { eventsOf, startEngine, statusOf, stepRow, storyOf, untilEnded } from './testing/start-engine'

const engine = await startEngine('postgresql')

describe('a worker', () => {
  it('runs loop_with_pagination: every page of both endpoints, in the order of events.md', async () => {
    const id = await engine.run(await shipped('tests/pagination/loop_with_pagination/loop_with_pagination'))

    expect(await statusOf(id)).toBe('COMPLETED')
    expect(await storyOf(id)).toEqual(LOOP_WITH_PAGINATION)
    const events = await eventsOf(id)
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1))
    expect(await stepRow(id, 'fetch_all_endpoints')).toMatchObject({
      status: 'COMPLETED',
      completed: 2,
      pages: 7,
      items: 70,
    })
    const { rows } = await pool().query(
      `SELECT endpoint_name, endpoint_path, page_size, result_count, iteration_index, iteration_count
       FROM noetl_test.pagination_loop_results WHERE execution_id = $1 ORDER BY iteration_index`,
      [id],
    )
    expect(rows).toEqual([
      {
        endpoint_name: 'assessments',
        endpoint_path: '/api/v1/assessments',
        page_size: 10,
        result_count: 35,
        iteration_index: 0,
        iteration_count: 1,
      },
      {
        endpoint_name: 'users',
        endpoint_path: '/api/v1/users',
        page_size: 15,
        result_count: 35,
        iteration_index: 1,
        iteration_count: 2,
      },
    ])
  })

  it('says what it iterates, with the retry block as written', async () => {
    const id = await engine.run(await shipped('tests/pagination/loop_with_pagination/loop_with_pagination'))
    const started = (await eventsOf(id)).find(({ event_type }) => event_type === 'iterator_started')
    expect(started).toMatchObject({
      status: 'RUNNING',
      context: {
        total_count: 2,
        collection_size: 2,
        mode: 'sequential',
        iterator_name: 'endpoint',
        collection: [{ name: 'assessments' }, { name: 'users' }],
        nested_task: { tool: 'http', retry: { on_success: { max_attempts: 10 }, on_error: { max_attempts: 3 } } },
      },
    })
  })

  it.each(['basic', 'offset', 'cursor', 'max_iterations', 'retry'])(
    'runs pagination/%s, and every expectation holds',
    async (name) => {
      const id = await engine.run(await shipped(`pagination/${name}`))
      const checks = (await eventsOf(id)).filter(({ event_type }) => event_type === 'expectation_checked')
      expect(checks.map(({ context }) => context)).toEqual(checks.map(() => expect.objectContaining({ passed: true })))
      expect(await statusOf(id)).toBe('COMPLETED')
    },
  )

  it('frees its slot during a long wait and is woken when it is over', async () => {
    const content = (await shipped('pagination/retry'))
      .replace('initial_delay: 0.5', 'initial_delay: 3')
      .replace('fail_on: "2,3"', 'fail_on: "2"')
    const { executionId } = await startExecution({ content, trigger: { type: 'test' } })
    await vi.waitFor(
      async () => expect(await iterationOf(executionId)).toMatchObject({ status: 'WAITING', lease_until: null }),
      20_000,
    )
    await untilEnded(executionId)
    expect(await statusOf(executionId)).toBe('COMPLETED')
    expect(await iterationOf(executionId)).toMatchObject({ status: 'COMPLETED', epoch: 2, pages: 4, retries: 1 })
  })

  it('shows no secret in anything it wrote down', async () => {
    const id = await engine.run(await shipped('tests/pagination/loop_with_pagination/loop_with_pagination'))
    const { rows } = await pool().query<{ text: string }>(
      `SELECT (SELECT json_agg(e) FROM noetl.event e WHERE execution_id = $1)::text || (SELECT json_agg(p) FROM noetl.page p WHERE execution_id = $1)::text
         || (SELECT json_agg(i) FROM noetl.iteration i WHERE execution_id = $1)::text AS text`,
      [id],
    )
    expect(rows[0]?.text).toContain('•••/api/v1/users')
    expect(rows[0]?.text).not.toContain(new URL(engine.api.url).host)
  })

  it('completes an empty collection with nothing done, and says so', async () => {
    const id = await engine.run(loopOver('{{ workload.list }}'), { list: [] })
    expect(await statusOf(id)).toBe('COMPLETED')
    expect(await storyOf(id)).toContain('iterator_completed fetch')
    const completed = (await eventsOf(id)).find(({ event_type }) => event_type === 'iterator_completed')
    expect(completed?.context).toMatchObject({ stats: { total: 0, success: 0 }, note: 'the collection is empty' })
  })

  it('fails a step whose collection is none, with what it is instead', async () => {
    const id = await engine.run(loopOver('{{ workload.list }}'), { list: 'a,b' })
    expect(await statusOf(id)).toBe('FAILED')
    const failed = (await eventsOf(id)).find(({ event_type }) => event_type === 'step_failed')
    expect(failed?.context).toMatchObject({
      error: { kind: 'collection_invalid', message: expect.stringContaining('the text "a,b"') },
    })
  })

  it('fails the loop at the first failing element and skips the rest', async () => {
    const id = await engine.run(loopOver('{{ workload.list }}'), { list: ['assessments', 'nothing', 'users'] })
    expect(await statusOf(id)).toBe('FAILED')
    expect(await stepRow(id, 'fetch')).toMatchObject({ status: 'FAILED', completed: 1, failed: 1, skipped: 1 })
    expect((await storyOf(id)).slice(-5)).toEqual([
      'iteration_failed fetch 1',
      'iterator_failed fetch',
      'action_failed fetch',
      'step_failed fetch',
      'playbook_failed',
    ])
    const failed = (await eventsOf(id)).find(({ event_type }) => event_type === 'iteration_failed')
    expect(failed?.context).toMatchObject({ error: { kind: 'http_error', status: 404, page: 1 } })
  })

  it('goes on past failing elements with on_failure: continue', async () => {
    const id = await engine.run(loopOver('{{ workload.list }}', 'on_failure: continue'), {
      list: ['assessments', 'nothing', 'users'],
    })
    expect(await statusOf(id)).toBe('COMPLETED')
    expect(await stepRow(id, 'fetch')).toMatchObject({
      status: 'COMPLETED',
      completed: 2,
      failed: 1,
      skipped: 0,
      items: 70,
    })
  })

  it('runs as many elements at once as an async loop allows', async () => {
    const list = Array.from({ length: 25 }, () => 'users')
    const id = await engine.run(loopOver('{{ workload.list }}', 'mode: async\n      concurrency: 5'), { list })
    expect(await stepRow(id, 'fetch')).toMatchObject({ status: 'COMPLETED', completed: 25, items: 25 * 35 })
  })

  it.each([
    ['page', 'per: page', [20, 15]],
    ['iteration', 'per: iteration', [15]],
  ])('tells the sink of each %s how it was answered', async (what, per, counts) => {
    const id = await engine.run(
      playbook(`  - step: start
    tool: postgres
    statement: CREATE SCHEMA IF NOT EXISTS sinks; CREATE TABLE sinks.answer_${what} (status int, type text, users int)
    next: [{ step: fetch }]
  - step: fetch
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/users"
    paginate: { type: page, limit_param: pageSize, limit: 20, items: users, stop: { has_more_path: has_more } }
    sink:
      tool: postgres
      ${per}
      table: sinks.answer_${what}
      data: { status: "{{ http.status }}", type: "{{ http.headers['content-type'] }}", users: "{{ response.users | length }}" }`),
    )
    expect(await statusOf(id)).toBe('COMPLETED')
    const { rows } = await pool().query(`SELECT * FROM sinks.answer_${what} ORDER BY users DESC`)
    expect(rows).toEqual(counts.map((users) => ({ status: 200, type: 'application/json', users })))
  })

  it('fails an iteration whose sink fails, and keeps nothing of the sink', async () => {
    const id = await engine.run(
      playbook(`  - step: start
    tool: postgres
    statement: CREATE SCHEMA IF NOT EXISTS sinks; CREATE TABLE IF NOT EXISTS sinks.narrow (n smallint)
    next: [{ step: fetch }]
  - step: fetch
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/users"
    loop: { collection: [1], element: item }
    retry:
      on_success:
        max_attempts: 1
        next_call: { params: { page: 2 } }
        collect: { path: data, strategy: append, into: pages }
        sink: { tool: postgres, table: sinks.narrow, mode: insert, data: [{ n: 1 }, { n: 70000 }] }`),
    )
    expect(await statusOf(id)).toBe('FAILED')
    expect(await storyOf(id)).toEqual(
      expect.arrayContaining(['sink_failed fetch 0', 'iteration_failed fetch 0', 'step_failed fetch']),
    )
    expect((await pool().query('SELECT * FROM sinks.narrow')).rows).toEqual([])
    const failed = (await eventsOf(id)).find(({ event_type }) => event_type === 'sink_failed')
    expect(failed?.context).toMatchObject({
      error: { kind: 'sink_failed', message: expect.stringContaining('smallint') },
    })
  })

  it('fails a step whose secret is missing, by its name', async () => {
    const id = await engine.run(playbook(`  - { step: start, tool: http, url: "{{ secret.NOWHERE_TO_BE_FOUND }}/x" }`))
    expect(await statusOf(id)).toBe('FAILED')
    const failed = (await eventsOf(id)).find(({ event_type }) => event_type === 'step_failed')
    expect(failed?.context).toMatchObject({
      error: { kind: 'missing_secret', message: expect.stringContaining('NOWHERE_TO_BE_FOUND') },
    })
  })

  it('takes the branches that hold and joins them once', async () => {
    const id = await engine.run(
      playbook(`  - step: start
    next: [{ step: left, when: "{{ workload.list | length == 0 }}" }, { step: right, when: "{{ true }}" }, { step: other, else: true }]
  - { step: left, next: [{ step: end }] }
  - { step: right, next: [{ step: end }] }
  - { step: other, next: [{ step: end }] }
  - { step: end }`),
      { list: [] },
    )
    const story = await storyOf(id)
    expect(story.filter((line) => line.startsWith('step_'))).toEqual([
      'step_started start',
      'step_result start',
      'step_skipped other',
      'step_started left',
      'step_result left',
      'step_started right',
      'step_result right',
      'step_started end',
      'step_result end',
    ])
  })

  it('hands the items of one step to the loop of the next', async () => {
    const id = await engine.run(
      playbook(`  - step: start
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/users?pageSize=5"
    retry:
      on_success: { max_attempts: 1, next_call: { params: { page: 2 } }, collect: { path: data, strategy: append, into: pages } }
    next: [{ step: fetch }]
  - step: fetch
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/users"
    params: { pageSize: 1, page: "{{ user.id }}" }
    loop: { collection: "{{ start.results }}", element: user }`),
    )
    expect(await stepRow(id, 'fetch')).toMatchObject({ status: 'COMPLETED', completed: 5 })
  })
})

async function iterationOf(executionId: string): Promise<unknown> {
  return (await pool().query('SELECT * FROM noetl.iteration WHERE execution_id = $1', [executionId])).rows[0]
}

const shipped = async (path: string): Promise<string> =>
  readFile(new URL(`../playbooks/${path}.yaml`, import.meta.url), 'utf8')

const playbook = (workflow: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: test, path: tests/worker }
workload: { list: [] }
workflow:
${workflow}
`

const loopOver = (collection: string, more = ''): string =>
  playbook(`  - step: start
    next: [{ step: fetch }]
  - step: fetch
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/{{ endpoint }}"
    params: { page: 1, pageSize: 20 }
    loop:
      collection: "${collection}"
      element: endpoint
      ${more}
    retry:
      on_success:
        while: "{{ response.paging.hasMore }}"
        max_attempts: 10
        next_call: { params: { page: "{{ response.paging.page + 1 }}" } }
        collect: { path: data, strategy: append, into: pages }`)

const LOOP_WITH_PAGINATION = [
  'playbook_started',
  'workflow_initialized',
  'step_started start',
  'step_result start',
  'step_started create_results_table',
  'action_started create_results_table',
  'action_completed create_results_table',
  'step_result create_results_table',
  'step_started fetch_all_endpoints',
  'action_started fetch_all_endpoints',
  'iterator_started fetch_all_endpoints',
  'iteration_started fetch_all_endpoints 0',
  'page_fetched fetch_all_endpoints 0 1',
  'page_fetched fetch_all_endpoints 0 2',
  'page_fetched fetch_all_endpoints 0 3',
  'page_fetched fetch_all_endpoints 0 4',
  'sink_started fetch_all_endpoints 0',
  'sink_completed fetch_all_endpoints 0',
  'iteration_completed fetch_all_endpoints 0',
  'iteration_started fetch_all_endpoints 1',
  'page_fetched fetch_all_endpoints 1 1',
  'page_fetched fetch_all_endpoints 1 2',
  'page_fetched fetch_all_endpoints 1 3',
  'sink_started fetch_all_endpoints 1',
  'sink_completed fetch_all_endpoints 1',
  'iteration_completed fetch_all_endpoints 1',
  'iterator_completed fetch_all_endpoints',
  'action_completed fetch_all_endpoints',
  'step_result fetch_all_endpoints',
  'step_started read_results_table',
  'action_started read_results_table',
  'action_completed read_results_table',
  'step_result read_results_table',
  'step_started end',
  'step_result end',
  'expectation_checked',
  'expectation_checked',
  'expectation_checked',
  'expectation_checked',
  'expectation_checked',
  'playbook_completed',
]
