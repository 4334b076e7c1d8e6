import { describe, expect, it } from 'vitest'
import { pool } from '@/server/db/pool'
import { eventsOf, startEngine, statusOf, stepRow, storyOf } from './testing/start-engine'

const engine = await startEngine('postgresql')

describe('a sink of a whole loop', () => {
  it('stores the results of all elements once, after the last of them, and commits with the end of the step', async () => {
    const id = await engine.run(loopWithSink('saved.users', '"{{ result.results }}"'))
    expect(await statusOf(id)).toBe('COMPLETED')
    expect(await storyOf(id)).toEqual(
      expect.arrayContaining([
        'iteration_completed fetch 2',
        'sink_started fetch',
        'sink_completed fetch',
        'step_result fetch',
      ]),
    )
    const story = await storyOf(id)
    expect(story.slice(story.indexOf('sink_started fetch'))).toEqual([
      'sink_started fetch',
      'sink_completed fetch',
      'iterator_completed fetch',
      'action_completed fetch',
      'step_result fetch',
      'playbook_completed',
    ])
    expect((await eventsOf(id)).find(({ event_type }) => event_type === 'sink_completed')?.context).toEqual({
      tool: 'postgres',
      table: 'saved.users',
      rows: 60,
    })
    expect(await stepRow(id, 'fetch')).toMatchObject({ completed: 3, failed: 0, pages: 6, items: 60 })
    expect(await count('saved.users')).toBe(60)
  })

  it('upserts: a second run leaves as many rows', async () => {
    await engine.run(loopWithSink('saved.once', '"{{ result.results }}"', 'mode: upsert, key: id'))
    await engine.run(loopWithSink('saved.once', '"{{ result.results }}"', 'mode: upsert, key: id'))
    expect(await count('saved.once')).toBe(20)
  })

  it('sees stats and results as templates do, also in a statement', async () => {
    const id = await engine.run(
      loopWithSink(
        'saved.summary',
        `[{ id: "{{ result.stats.items }}", name: "{{ result.results[1][0].name }} of {{ result.results | length }}" }]`,
      ),
    )
    const { rows } = await pool().query('SELECT id, name FROM saved.summary')
    expect(rows).toEqual([{ id: 60, name: expect.stringMatching(/ of 3$/) }])
    expect(await statusOf(id)).toBe('COMPLETED')
  })

  it('fails the step, keeps nothing, and shows no element as failed', async () => {
    const id = await engine.run(
      loopWithSink('saved.narrow', '"{{ result.results }}"', 'mode: insert', 'id smallint, missing text'),
    )
    expect(await statusOf(id)).toBe('FAILED')
    expect(await count('saved.narrow')).toBe(0)
    const story = await storyOf(id)
    expect(story.slice(story.indexOf('sink_started fetch'))).toEqual([
      'sink_started fetch',
      'sink_failed fetch',
      'iterator_failed fetch',
      'action_failed fetch',
      'step_failed fetch',
      'playbook_failed',
    ])
    const failed = (await eventsOf(id)).find(({ event_type }) => event_type === 'step_failed')
    expect(failed?.context).toMatchObject({
      error: {
        kind: 'sink_failed',
        message: expect.stringMatching(/^The sink into saved\.narrow failed: .*SQLSTATE 42703/),
      },
      stats: { success: 3, failed: 0 },
    })
    expect(await stepRow(id, 'fetch')).toMatchObject({ status: 'FAILED', completed: 3, failed: 0 })
  })

  it('leaves out what failed with on_failure: continue', async () => {
    const id = await engine.run(
      loopWithSink('saved.some', '"{{ result.results }}"')
        .replace('[1, 2, 3]', '[1, nowhere, 3]')
        .replace('element: n', 'element: n, on_failure: continue'),
    )
    expect(await statusOf(id)).toBe('COMPLETED')
    expect(await stepRow(id, 'fetch')).toMatchObject({ completed: 2, failed: 1 })
    expect(await count('saved.some')).toBe(40)
  })

  it('stores an empty loop without a row', async () => {
    const id = await engine.run(loopWithSink('saved.none', '"{{ result.results }}"').replace('[1, 2, 3]', '[]'))
    expect(await statusOf(id)).toBe('COMPLETED')
    expect(await count('saved.none')).toBe(0)
  })

  it('is done again, and once, when its worker is killed before it has committed', async () => {
    const id = await engine.run(loopWithSink('saved.again', '"{{ result.results }}"'))
    await pool().query(`DELETE FROM saved.again`)
    await pool().query(
      `UPDATE noetl.iteration SET status = 'RUNNING', claim_hash = 'lost', lease_until = clock_timestamp() - interval '1 second', ended_at = NULL
       WHERE execution_id = $1 AND iteration_index = -1`,
      [id],
    )
    await pool().query(`UPDATE noetl.step SET status = 'RUNNING' WHERE execution_id = $1 AND step = 'fetch'`, [id])
    await pool().query(
      `UPDATE noetl.execution SET status = 'RUNNING', state = jsonb_set(state, '{steps,fetch}', '"running"') WHERE execution_id = $1`,
      [id],
    )
    await expect.poll(async () => statusOf(id), { timeout: 40_000 }).toBe('COMPLETED')
    expect(await count('saved.again')).toBe(60)
  })
})

describe('a sink of a step without a loop', () => {
  it('stores the rows a statement gave, and what a transform made', async () => {
    const id = await engine.run(
      playbook(`  - step: start
    tool: postgres
    statement: CREATE SCHEMA IF NOT EXISTS saved; CREATE TABLE IF NOT EXISTS saved.plain (id int, name text)
    next: [{ step: numbers }]
  - step: numbers
    tool: postgres
    statement: SELECT n AS id, 'n' || n AS name FROM generate_series(1, 5) AS n
    sink: { tool: postgres, table: saved.plain, data: "{{ result.rows }}" }
    next: [{ step: shape }]
  - step: shape
    tool: transform
    input: "{{ numbers.rows }}"
    expression: '$[id > 3].{ "id": id + 100, "name": $uppercase(name) }'
    sink: { tool: postgres, table: saved.plain, data: "{{ result }}" }`),
    )
    expect(await statusOf(id)).toBe('COMPLETED')
    const { rows } = await pool().query('SELECT id, name FROM saved.plain ORDER BY id')
    expect(rows.slice(-3)).toEqual([
      { id: 5, name: 'n5' },
      { id: 104, name: 'N4' },
      { id: 105, name: 'N5' },
    ])
    expect(rows).toHaveLength(7)
  })
})

const count = async (table: string): Promise<number | undefined> =>
  (await pool().query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]?.n

const playbook = (workflow: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: sinks, path: tests/sinks }
workflow:
${workflow}
`

const loopWithSink = (
  table: string,
  data: string,
  mode = 'mode: insert',
  columns = 'id int, name text, username text, email text, created_at timestamptz, score real, active bool, address jsonb, tags text[]',
): string =>
  playbook(`  - step: start
    tool: postgres
    statement: CREATE SCHEMA IF NOT EXISTS saved; CREATE TABLE IF NOT EXISTS ${table} (${columns}${mode.includes('upsert') ? ', PRIMARY KEY (id)' : ''})
    next: [{ step: fetch }]
  - step: fetch
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/users"
    params: { page: 1, pageSize: "{{ 10 if n is number else n }}" }
    loop: { collection: [1, 2, 3], element: n }
    sink: { tool: postgres, table: ${table}, ${mode}, data: ${data} }
    retry:
      on_success:
        while: "{{ response.paging.page < 2 }}"
        max_attempts: 2
        next_call: { params: { page: "{{ response.paging.page + 1 }}" } }
        collect: { path: data, strategy: append, into: pages }`)
