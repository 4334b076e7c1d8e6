import { beforeAll, describe, expect, it } from 'vitest'
import { emptyView } from '@/domain/execution/view'
import { applyEvents } from '@/domain/execution/view-fold'
import type { NewEvent } from '@/domain/execution/events'
import { appendEvents } from '@/server/db/append-events'
import { createTestDatabase } from '@/server/db/testing/create-test-database'
import { pool } from '@/server/db/pool'
import { withTransaction } from '@/server/db/with-transaction'
import { seedEvents, seedExecution, seedPage } from '@/server/executions/testing/seed-execution'
import { callRoute } from '../testing/call-route'
import * as events from './[id]/events/route'
import * as iterations from './[id]/iterations/route'
import * as pages from './[id]/iterations/[index]/pages/route'
import * as execution from './[id]/route'
import * as snapshot from './[id]/snapshot/route'
import * as executions from './route'

beforeAll(createTestDatabase)

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at)

describe('reading executions', () => {
  it('lists the newest first, by cursor, and by status, path and time', async () => {
    const ids: string[] = []
    for (const n of range(1, 5))
      ids.push(await seedExecution({ status: n % 2 === 0 ? 'FAILED' : 'RUNNING', path: `tests/${n}` }))
    const list = async (query: string): Promise<{ ids: string[]; next: string | null }> => {
      const { items, next_cursor: next } = await (await callRoute(executions, { query })).json()
      return { ids: items.map((item: { execution_id: string }) => item.execution_id), next }
    }
    const first = await list('?limit=3')
    expect(first).toEqual({ ids: ids.toReversed().slice(0, 3), next: ids[2] })
    expect(await list(`?limit=3&cursor=${first.next}`)).toEqual({ ids: [ids[1], ids[0]], next: null })
    expect((await list('?status=FAILED')).ids).toEqual([ids[3], ids[1]])
    expect((await list('?path=tests/2')).ids).toEqual([ids[1]])
    expect((await list(`?since=${new Date(Date.now() + 60_000).toISOString()}`)).ids).toEqual([])
    expect((await list(`?since=${new Date(Date.now() - 60_000).toISOString()}`)).ids).toEqual(ids.toReversed())
  })

  it('lists all that were made since a time, also where a later id was made before', async () => {
    const [first, late] = [await seedExecution({ path: 'tests/since' }), await seedExecution({ path: 'tests/since' })]
    await pool().query(
      `UPDATE noetl.execution SET created_at = now() - interval '1 minute' * (1 + execution_id - $1) WHERE execution_id IN ($1, $2)`,
      [first, late],
    )
    const since = new Date(Date.now() - 90_000).toISOString()
    const { items } = await (await callRoute(executions, { query: `?path=tests/since&since=${since}` })).json()
    expect(items).toMatchObject([{ execution_id: first }])
  })

  it('gives events after a seq and of a type, with the columns of the log', async () => {
    const id = await seedExecution()
    await seedEvents(id, 'iteration_started', [1])
    await seedEvents(id, 'page_fetched', range(1, 4))
    const get = async (query: string): Promise<{ seq: number }[]> =>
      (await (await callRoute(events, { params: { id }, query })).json()).items
    expect((await get('?after=2&limit=2')).map(({ seq }) => seq)).toEqual([3, 4])
    expect((await get('?type=page_fetched&limit=2')).map(({ seq }) => seq)).toEqual([2, 3])
    expect((await get(''))[0]).toEqual({
      event_id: expect.stringMatching(/^\d+$/),
      execution_id: id,
      seq: 1,
      event_type: 'iteration_started',
      status: 'RUNNING',
      node_name: 'fetch',
      iteration_index: 0,
      page: 1,
      attempt: null,
      context: { n: 1 },
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
    })
    expect((await callRoute(events, { params: { id }, query: '?limit=5001' })).status).toBe(422)
  })

  it('folds the same view a browser folds from the events, as they grow', async () => {
    const id = await seedExecution()
    await seedEvents(id, 'playbook_started', [1])
    for (const round of [1, 2]) {
      await seedEvents(id, 'page_fetched', [round])
      const { items } = await (await callRoute(events, { params: { id } })).json()
      const { view, seq } = await (await callRoute(snapshot, { params: { id } })).json()
      expect(seq).toBe(round + 1)
      expect(view).toEqual(JSON.parse(JSON.stringify(applyEvents(emptyView(id), items))))
    }
    expect((await callRoute(snapshot, { params: { id: '999999' } })).status).toBe(404)
  })

  it('shows each expectation as it was checked last', async () => {
    const id = await seedExecution()
    const check = (passed: boolean): NewEvent => ({
      event_type: 'expectation_checked',
      status: passed ? 'COMPLETED' : 'FAILED',
      node_name: null,
      iteration_index: null,
      page: null,
      attempt: null,
      context: { name: 'all pages', passed, actual: passed ? 7 : 6 },
    })
    await withTransaction((client) => appendEvents(client, id, [check(false), check(true)]))
    const { expectations } = await (await callRoute(execution, { params: { id } })).json()
    expect(expectations).toEqual([{ name: 'all pages', passed: true, actual: 7 }])
  })

  it('lists elements by cursor and their pages, and asks for the step only when it must', async () => {
    const id = await seedExecution()
    for (const index of range(0, 4)) await seedPage(id, { index, page: 1, body: '[]' })
    const first = await (await callRoute(iterations, { params: { id }, query: '?limit=3' })).json()
    expect(first.items.map((item: { index: number }) => item.index)).toEqual([0, 1, 2])
    const rest = await (await callRoute(iterations, { params: { id }, query: `?cursor=${first.next_cursor}` })).json()
    expect(rest.items.map((item: { index: number }) => item.index)).toEqual([3, 4])
    const listed = await (await callRoute(pages, { params: { id, index: '2' } })).json()
    expect(listed.items).toMatchObject([{ page: 1, method: 'GET', status: 200 }])
    expect((await callRoute(pages, { params: { id, index: '9' } })).status).toBe(404)
    expect((await callRoute(iterations, { params: { id }, query: '?cursor=nonsense' })).status).toBe(422)
  })
})
