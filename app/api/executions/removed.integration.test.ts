import { beforeAll, expect, it } from 'vitest'
import { createTestDatabase } from '@/server/db/testing/create-test-database'
import { pool } from '@/server/db/pool'
import { exportResults } from '@/server/executions/export-results'
import { seedEvents, seedExecution, seedPage } from '@/server/executions/testing/seed-execution'
import { callRoute } from '../testing/call-route'
import * as cancel from './[id]/cancel/route'
import * as events from './[id]/events/route'
import * as page from './[id]/iterations/[index]/pages/[page]/route'
import * as pages from './[id]/iterations/[index]/pages/route'
import * as iterations from './[id]/iterations/route'
import * as playbook from './[id]/playbook/route'
import * as results from './[id]/results/route'
import * as retry from './[id]/retry/route'
import * as execution from './[id]/route'
import * as rows from './[id]/rows/route'
import * as snapshot from './[id]/snapshot/route'

beforeAll(createTestDatabase)

async function seed(pagesOfIt: number): Promise<string> {
  const id = await seedExecution({ status: 'FAILED' })
  for (let number = 1; number <= pagesOfIt; number++)
    await seedPage(id, { index: 0, page: number, body: `["${'x'.repeat(1_000)}"]`, itemCount: 1 })
  await seedEvents(id, 'page_fetched', [1])
  return id
}

const removePart = async (id: string, most: number): Promise<void> =>
  void (await pool().query('SELECT noetl.remove_execution($1, $2)', [id, most]))

it('is not there any more, for any call, as soon as a part of it is removed', async () => {
  const id = await seed(3)
  const params = { id, index: '0', page: '1' }
  const reads = { execution, events, iterations, pages, page, playbook, results, rows, snapshot }
  const answers = async (): Promise<[string, number][]> =>
    Promise.all(
      Object.entries(reads).map(async ([name, route]) => [name, (await callRoute(route, { params })).status] as const),
    ).then((all) => all.map(([name, status]) => [name, status]))
  expect(await answers()).toEqual(Object.keys(reads).map((name) => [name, 200]))
  await removePart(id, 1)
  expect(await answers()).toEqual(Object.keys(reads).map((name) => [name, 404]))
  expect((await callRoute(retry, { params, query: '?scope=failed' })).status).toBe(404)
  for (const scope of ['failed', 'all'])
    expect((await callRoute(retry, { method: 'POST', params, body: { scope } })).status).toBe(404)
  expect((await callRoute(cancel, { method: 'POST', params, body: {} })).status).toBe(404)
})

it('breaks off a file that is being written from it, which would else look like a whole one', async () => {
  const id = await seed(450)
  const { chunks } = await exportResults(id, { format: 'ndjson', provenance: false })
  // More than what has been read ahead of the first chunk is not there any more.
  await removePart(id, 1_000)
  const read = async (): Promise<void> => {
    for await (const _chunk of chunks);
  }
  await expect(read()).rejects.toMatchObject({ code: 'not_found' })
})
