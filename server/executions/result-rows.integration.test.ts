import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beforeAll, expect, it } from 'vitest'
import { CLOSING_INDEX } from '@/domain/execution/closing-iteration'
import { parsePlaybook } from '@/domain/playbook/parse-playbook'
import type { Step } from '@/domain/playbook/playbook'
import { pool } from '../db/pool'
import { createTestDatabase } from '../db/testing/create-test-database'
import { resultRows } from './result-rows'
import { seedExecution } from './testing/seed-execution'

await createTestDatabase()

const ELEMENTS = 1_000
const ROWS_A_PAGE = 500
const BODY_BYTES = 100 * 1024

let executionId = ''

/** 100 MB of pages, an element in ten failed: more than templates may hold of a step, by half. */
beforeAll(async () => {
  executionId = await seedExecution()
  await pool().query(
    `INSERT INTO noetl.iteration (execution_id, step, iteration_index, status)
     SELECT $1, 'fetch', n, CASE WHEN n % 10 = 9 THEN 'FAILED' ELSE 'COMPLETED' END FROM generate_series(0, ${ELEMENTS - 1}) AS n`,
    [executionId],
  )
  await pool().query(
    `INSERT INTO noetl.page (execution_id, step, iteration_index, page, request, status, response_headers, timing,
       started_at, duration_ms, bytes, item_count, body, items_path, next, fingerprints)
     SELECT $1, 'fetch', n, 1, '{}', 200, '{}', '{}', now(), 1, ${BODY_BYTES}, ${ROWS_A_PAGE}, b.body, '{data}', '{}', '{}'
     FROM generate_series(0, ${ELEMENTS - 1}) AS n,
       (SELECT json_build_object('data', json_agg(json_build_object('id', r, 'text', repeat('x', 180)))) AS body
        FROM generate_series(1, ${ROWS_A_PAGE}) AS r) AS b`,
    [executionId],
  )
})

it('gives the rows of a loop that no memory need hold, in order, without those of failed elements', async () => {
  const before = heapInUse()
  let rows = 0
  let most = 0
  let held = 0
  let batches = 0
  let first: unknown
  for await (const batch of resultRows({ key: { executionId, step: 'fetch', index: CLOSING_INDEX }, step: stepOf() })) {
    first ??= batch[0]
    rows += batch.length
    most = Math.max(most, batch.length)
    batches += 1
    if (batches % 5 === 0) held = Math.max(held, heapInUse() - before)
  }
  expect(rows).toBe(ELEMENTS * 0.9 * ROWS_A_PAGE)
  expect(first).toEqual({ id: 1, text: 'x'.repeat(180) })
  // What one read of pages holds, give or take a page.
  expect(most).toBeLessThan(60 * ROWS_A_PAGE)
  expect(held).toBeLessThan(40 * 1024 * 1024)
})

it('gives the rows of one iteration alone', async () => {
  let rows = 0
  for await (const batch of resultRows({ key: { executionId, step: 'fetch', index: 4 }, step: stepOf() }))
    rows += batch.length
  expect(rows).toBe(ROWS_A_PAGE)
})

/** Bytes of the heap that something still refers to: what waits for a collection is collected first. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}

function stepOf(): Step {
  const { playbook } = parsePlaybook(`apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: a }
workflow:
  - step: start
    tool: http
    url: http://a/b
    loop: { collection: [1], element: n }
    paginate: { type: page, items: data }
`)
  const step = playbook?.workflow[0]
  if (step === undefined) throw new Error('the playbook was refused')
  return step
}
