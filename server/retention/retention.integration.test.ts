import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../db/testing/create-test-database'
import { pool } from '../db/pool'
import { listExecutions } from '../executions/read-execution-list'
import { readExecution } from '../executions/read-execution'
import { seedEvents, seedExecution, seedPage } from '../executions/testing/seed-execution'
import { registerPlaybook } from '../playbooks/register-playbook'
import { RETENTION_STATEMENTS } from './old-executions'
import { readRetention } from './read-retention'
import { removeOldExecutions } from './remove-old-executions'
import { retain } from './retain'
import { saveRetention } from './save-retention'

await createTestDatabase()
const PATH = 'tests/kept'
const ELSEWHERE = 'tests/not-kept'
const KEEP_ALL = { keep_days: null, keep_runs: null }
const endless = { isOver: () => false }

beforeAll(async () => {
  for (const path of [PATH, ELSEWHERE]) await registerPlaybook(playbook(path))
})
beforeEach(async () => {
  for (const path of [PATH, ELSEWHERE]) await saveRetention(path, KEEP_ALL)
})

describe('retention', () => {
  it('removes nothing while nobody asked for it', async () => {
    const ids = [await ended({ daysAgo: 900 }), await ended()]
    await retain()
    expect(await left()).toEqual(expect.arrayContaining(ids))
  })

  it('keeps the newest that have ended, and never touches one that runs', async () => {
    await clear()
    const oldest = await seedExecution({ status: 'RUNNING', path: PATH })
    const ids = [await ended(), await ended(), await ended(), await ended()]
    const other = await ended({ path: ELSEWHERE })
    await saveRetention(PATH, { keep_days: null, keep_runs: 2 })
    expect(await removeOldExecutions(pool(), endless)).toBe(2)
    expect(await left()).toEqual([oldest, ids[2], ids[3], other])
  })

  it('keeps what ended within the days, whenever it began', async () => {
    await clear()
    const long = await ended({ daysAgo: 40, endedDaysAgo: 2 })
    const gone = await ended({ daysAgo: 40, endedDaysAgo: 31 })
    const recent = await ended({ daysAgo: 3 })
    await saveRetention(PATH, { keep_days: 30, keep_runs: null })
    await removeOldExecutions(pool(), endless)
    expect(await left()).toEqual([long, recent])
    expect(await left()).not.toContain(gone)
  })

  it('removes what an execution ran together with it, and never alone', async () => {
    await clear()
    const parent = await ended({ daysAgo: 50, path: ELSEWHERE })
    const child = await ended({ daysAgo: 50, parent })
    const grandchild = await ended({ daysAgo: 50, parent: child })
    await saveRetention(PATH, { keep_days: 1, keep_runs: null })
    await removeOldExecutions(pool(), endless)
    expect(await left()).toEqual([parent, child, grandchild])
    await expect(pool().query('SELECT noetl.remove_execution($1, 10)', [child])).rejects.toThrow('is removed with it')
    await saveRetention(ELSEWHERE, { keep_days: 1, keep_runs: null })
    await removeOldExecutions(pool(), endless)
    expect(await left()).toEqual([])
  })

  it('leaves an execution alone while one that it ran, or one that retries it, still runs', async () => {
    await clear()
    const parent = await ended({ daysAgo: 50 })
    const child = await seedExecution({ status: 'RUNNING', path: ELSEWHERE })
    await pool().query('UPDATE noetl.execution SET parent_execution_id = $2 WHERE execution_id = $1', [child, parent])
    const retried = await ended({ daysAgo: 50 })
    const retry = await seedExecution({ status: 'RUNNING', path: ELSEWHERE })
    await pool().query('UPDATE noetl.execution SET retried_from = $2 WHERE execution_id = $1', [retry, retried])
    await saveRetention(PATH, { keep_days: 1, keep_runs: null })
    expect(await removeOldExecutions(pool(), endless)).toBe(0)
    expect(await left()).toEqual([parent, child, retried, retry])
  })

  it('goes on with one that a process left half removed; nobody sees or retries it meanwhile', async () => {
    await clear()
    const id = await ended({ daysAgo: 50, pages: 30 })
    const part = async (): Promise<boolean> =>
      (await pool().query<{ done: boolean }>('SELECT noetl.remove_execution($1, 10) AS done', [id])).rows[0]?.done ===
      true
    expect([await part(), await part()]).toEqual([false, false])
    expect(await rowsOf(id)).toMatchObject({ page: 10, iteration: 1, event: 30 })
    expect((await listExecutions({ limit: 10, path: PATH })).items).toEqual([])
    await expect(readExecution(id)).rejects.toMatchObject({ code: 'not_found' })
    await expect(
      pool().query(`UPDATE noetl.execution SET status = 'RUNNING' WHERE execution_id = $1`, [id]),
    ).rejects.toThrow('is being removed')
    expect(await removeOldExecutions(pool(), endless)).toBe(1)
    expect(await rowsOf(id)).toEqual({ page: 0, attempt: 0, event: 0, iteration: 0, step: 0, execution: 0 })
  })

  it('stops when its time is over, and goes on with the next turn', async () => {
    await clear()
    for (let n = 0; n < 5; n++) await ended({ daysAgo: 50, pages: 3 })
    await saveRetention(PATH, { keep_days: 1, keep_runs: null })
    let looks = 0
    expect(await removeOldExecutions(pool(), { isOver: () => ++looks > 2 })).toBe(2)
    expect(await left()).toHaveLength(3)
    expect(await retain()).toBe(3)
  })

  it('counts what is stored, takes off what is removed or opened again, and says what was removed when', async () => {
    await clear()
    const first = await ended({ daysAgo: 9, pages: 20 })
    const second = await ended({ pages: 5 })
    await retain()
    const both = (await readRetention(PATH)).stored
    expect(both).toMatchObject({ executions: 2, pages: 25 })
    expect(both.bytes).toBeGreaterThan(25 * 1_000)
    await pool().query(`UPDATE noetl.execution SET status = 'RUNNING' WHERE execution_id = $1`, [second])
    expect((await readRetention(PATH)).stored).toMatchObject({ executions: 1, pages: 20 })
    await pool().query(`UPDATE noetl.execution SET status = 'COMPLETED' WHERE execution_id = $1`, [second])
    await retain()
    expect((await readRetention(PATH)).stored).toEqual(both)

    const policy = { keep_days: 7, keep_runs: null }
    const { preview } = await readRetention(PATH, policy)
    expect(preview).toMatchObject({ executions: 1, pages: 20, at_least: false })
    expect(Date.parse(preview?.oldest_at ?? '')).toBeLessThan(Date.now() - 8 * 86_400_000)
    await saveRetention(PATH, policy)
    const today = (): string => new Date().toISOString().slice(0, 10)
    const dayBefore = today()
    await retain()
    const after = await readRetention(PATH)
    expect(after).toMatchObject({ keep_days: 7, keep_runs: null, stored: { executions: 1, pages: 5 } })
    expect([dayBefore, today()]).toContain(after.removed[0]?.day)
    expect(after.stored.bytes + (preview?.bytes ?? 0)).toBe(both.bytes)
    expect(await left()).not.toContain(first)
  })

  it('lets one process at a time remove', async () => {
    await clear()
    await ended({ daysAgo: 50 })
    await saveRetention(PATH, { keep_days: 1, keep_runs: null })
    expect((await Promise.all([retain(), retain(), retain()])).toSorted((a, b) => a - b)).toEqual([0, 0, 1])
  })
})

describe('among 50,000 executions', () => {
  beforeAll(async () => {
    await clear()
    await pool().query(
      `INSERT INTO noetl.execution (path, content_hash, status, workload, trigger, created_at, ended_at, stored_bytes, parent_execution_id)
       SELECT CASE n % 2 WHEN 0 THEN '${PATH}' ELSE '${ELSEWHERE}' END, 'seed', 'COMPLETED', '{}', '{}',
         now() - (50000 - n) * interval '1 minute', now() - (50000 - n) * interval '1 minute', 1000, CASE n % 3 WHEN 0 THEN 1 END
       FROM generate_series(1, 50000) AS n`,
    )
    await pool().query('ANALYZE noetl.execution')
  })

  it.each([
    ['window, where nothing is old', RETENTION_STATEMENTS.window, [PATH, '0', null, 3_650, 200], 500],
    ['window, where all is old', RETENTION_STATEMENTS.window, [PATH, '0', '9000000000', null, 200], 500],
    ['beyond, where a hundred are kept', RETENTION_STATEMENTS.beyond, [PATH, 100], 500],
    [
      'what is half removed',
      'SELECT execution_id FROM noetl.execution WHERE removed_at IS NOT NULL AND parent_execution_id IS NULL ORDER BY removed_at LIMIT 100',
      [],
      20,
    ],
    [
      'what is not measured',
      `SELECT execution_id FROM noetl.execution WHERE stored_bytes IS NULL AND status IN ('COMPLETED', 'FAILED', 'CANCELLED') LIMIT 50`,
      [],
      50,
    ],
  ])('asks an index for the %s', async (_what, statement, values, most) => {
    const { rows } = await pool().query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${statement}`,
      values,
    )
    const plan = rows[0]?.['QUERY PLAN'][0].Plan
    const nodes = plan === undefined ? [] : [...nodesOf(plan)]
    expect(nodes.length).toBeGreaterThan(0)
    expect(nodes.map((node) => node['Node Type'])).not.toContain('Seq Scan')
    expect((plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0)).toBeLessThan(most)
  })
})

type Plan = { 'Node Type': string; Plans?: Plan[]; 'Shared Hit Blocks': number; 'Shared Read Blocks': number }

function* nodesOf(plan: Plan): Generator<Plan> {
  yield plan
  for (const part of plan.Plans ?? []) yield* nodesOf(part)
}

type Ended = { path?: string; daysAgo?: number; endedDaysAgo?: number; pages?: number; parent?: string }

/** An execution that has ended, with pages and events. */
async function ended({
  path = PATH,
  daysAgo = 0,
  endedDaysAgo = daysAgo,
  pages = 2,
  parent,
}: Ended = {}): Promise<string> {
  const id = await seedExecution({ path })
  for (let page = 1; page <= pages; page++) {
    await seedPage(id, { index: 0, page, body: JSON.stringify({ data: noise(1_000) }), itemCount: 1 })
  }
  const numbers = Array.from({ length: pages }, (_, n) => n)
  await seedEvents(id, 'page_fetched', numbers)
  await pool().query(
    `UPDATE noetl.execution SET status = 'COMPLETED', pages = $2, elements = 1, parent_execution_id = $5,
       created_at = now() - $3 * interval '1 day', ended_at = now() - $4 * interval '1 day' WHERE execution_id = $1`,
    [id, pages, daysAgo, endedDaysAgo, parent ?? null],
  )
  return id
}

const noise = (length: number): string =>
  Array.from({ length: length / 8 }, () => Math.random().toString(36).slice(2, 10)).join('')

async function left(): Promise<string[]> {
  const { rows } = await pool().query<{ id: string }>('SELECT execution_id AS id FROM noetl.execution ORDER BY 1')
  return rows.map(({ id }) => id)
}

async function rowsOf(id: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of ['page', 'attempt', 'event', 'iteration', 'step', 'execution']) {
    const { rows } = await pool().query<{ n: number }>(
      `SELECT count(*)::int AS n FROM noetl.${table} WHERE execution_id = $1`,
      [id],
    )
    counts[table] = rows[0]?.n ?? 0
  }
  return counts
}

/** Everything away, as an administrator would. */
async function clear(): Promise<void> {
  await pool().query(`UPDATE noetl.execution SET status = 'COMPLETED' WHERE status = 'RUNNING'`)
  for (const id of (await left()).toReversed()) {
    await pool().query('UPDATE noetl.execution SET parent_execution_id = NULL WHERE execution_id = $1', [id])
    await pool().query('SELECT noetl.remove_execution($1, 100000)', [id])
  }
  await pool().query('TRUNCATE noetl.removal, noetl.playbook_storage')
}

const playbook = (path: string): string => `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: kept, path: ${path} }
workflow:
  - { step: start, next: [{ step: end }] }
  - { step: end }
`
