import { readFileSync } from 'node:fs'
import { beforeAll, expect, it } from 'vitest'
import { createTestDatabase } from '@/server/db/testing/create-test-database'
import { pool } from '@/server/db/pool'
import { startExecution } from '@/server/executions/start-execution'
import { callRoute } from '../testing/call-route'
import * as retry from '../executions/[id]/retry/route'
import * as run from './playbook/route'

beforeAll(createTestDatabase)

const NAMESPACED = readFileSync('prisma/migrations/20261130000000_keys_of_callers/migration.sql', 'utf8')

const CONTENT = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: once, path: tests/once }
workflow:
  - { step: start, tool: postgres, statement: SELECT 1 }
`

/** The ids that as many equal requests at once are answered with. */
async function idsOf(times: number, ask: () => Promise<Response>): Promise<Set<string>> {
  const answers = await Promise.all(Array.from({ length: times }, ask))
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: times }, () => 202))
  const bodies: { execution_id: string }[] = await Promise.all(answers.map(async (answer) => answer.json()))
  return new Set(bodies.map((body) => body.execution_id))
}

it('starts one execution for twenty posts with one Idempotency-Key at the same time', async () => {
  const post = (key: string) => () =>
    callRoute(run, { method: 'POST', body: { content: CONTENT }, headers: { 'idempotency-key': key } })
  const ids = await idsOf(20, post('one'))
  expect(ids.size).toBe(1)
  expect(await idsOf(3, post('one'))).toEqual(ids)
  expect(await idsOf(1, post('two'))).not.toEqual(ids)
  const { rows } = await pool().query('SELECT count(*)::int AS n FROM noetl.execution')
  expect(rows).toEqual([{ n: 2 }])
})

it('makes one new execution of twenty retries of a whole run with one key', async () => {
  const { executionId: id } = await startExecution({ content: CONTENT, trigger: { type: 'test' } })
  const post = () =>
    callRoute(retry, {
      method: 'POST',
      params: { id },
      body: { scope: 'all' },
      headers: { 'idempotency-key': 'again' },
    })
  expect((await idsOf(20, post)).size).toBe(1)
  const { rows } = await pool().query('SELECT idempotency_key FROM noetl.execution WHERE retried_from = $1', [id])
  expect(rows).toEqual([{ idempotency_key: 'caller:again' }])
})

it('retries once in place for as many requests with one key, then and later', async () => {
  const { executionId: id } = await startExecution({ content: CONTENT, trigger: { type: 'test' } })
  await pool().query(`UPDATE noetl.execution SET status = 'FAILED' WHERE execution_id = $1`, [id])
  const ask = (key: string) => () =>
    callRoute(retry, {
      method: 'POST',
      params: { id },
      body: { scope: 'failed' },
      headers: { 'idempotency-key': key },
    })
  expect(await idsOf(20, ask('mended'))).toEqual(new Set([id]))
  await pool().query(`UPDATE noetl.execution SET status = 'FAILED' WHERE execution_id = $1`, [id])
  expect(await (await ask('mended')()).json()).toEqual({ execution_id: id, status: 'FAILED' })
  expect(await resumedOf(id)).toBe(1)
  const other = { method: 'POST', params: { id }, headers: { 'idempotency-key': 'mended' }, body: { scope: 'all' } }
  expect(await (await callRoute(retry, other)).json()).toMatchObject({ execution_id: id })
  await ask('mended again')()
  expect(await resumedOf(id)).toBe(2)
  expect((await ask('while it runs')()).status).toBe(409)
})

it('keeps the keys of callers apart from those of schedules and webhooks', async () => {
  const ask = (key: string) => () =>
    callRoute(run, { method: 'POST', body: { content: CONTENT }, headers: { 'idempotency-key': key } })
  const started = async (type: string, idempotencyKey: string): Promise<string> =>
    (await startExecution({ content: CONTENT, trigger: { type }, idempotencyKey })).executionId
  const ours = [
    await started('schedule', 'schedule:3:2026-11-30T00:00:00.000Z'),
    await started('webhook', 'webhook:1:delivery'),
  ]
  const theirs = [
    ...(await idsOf(2, ask('schedule:3:2026-11-30T00:00:00.000Z'))),
    ...(await idsOf(2, ask('webhook:1:delivery'))),
  ]
  expect(new Set([...ours, ...theirs]).size).toBe(4)
  expect(await started('webhook', 'webhook:1:delivery')).toBe(ours[1])
  expect(await idsOf(2, ask('webhook:1:another'))).not.toContain(await started('webhook', 'webhook:1:another'))
})

it('gives the keys that callers sent to an older version a place of their own, once', async () => {
  const ask = (key: string) => () =>
    callRoute(run, { method: 'POST', body: { content: CONTENT }, headers: { 'idempotency-key': key } })
  const started = async (type: string, idempotencyKey: string): Promise<string> =>
    (await startExecution({ content: CONTENT, trigger: { type }, idempotencyKey })).executionId
  const due = 'schedule:7:2026-11-30T00:00:00.000Z'
  const theirs = {
    due: await started('api', due),
    older: await started('web', 'older'),
    gone: await started('api', 'no'),
  }
  const ours = await started('webhook', 'webhook:7:delivery')
  await pool().query('UPDATE noetl.execution SET removed_at = now() WHERE execution_id = $1', [theirs.gone])
  const [newer = ''] = await idsOf(1, ask('no'))
  await pool().query(NAMESPACED)
  await pool().query(NAMESPACED)
  expect(await started('schedule', due)).not.toBe(theirs.due)
  expect(await idsOf(2, ask(due))).toEqual(new Set([theirs.due]))
  expect(await idsOf(2, ask('older'))).toEqual(new Set([theirs.older]))
  expect(await idsOf(2, ask('no'))).toEqual(new Set([newer]))
  expect(await started('webhook', 'webhook:7:delivery')).toBe(ours)
})

it('starts another execution where the one that a key had started is being removed', async () => {
  const ask = () =>
    callRoute(run, { method: 'POST', body: { content: CONTENT }, headers: { 'idempotency-key': 'gone' } })
  const [first = ''] = await idsOf(1, ask)
  await pool().query('UPDATE noetl.execution SET removed_at = now() WHERE execution_id = $1', [first])
  const again = await idsOf(5, ask)
  expect(again.size).toBe(1)
  expect(again).not.toContain(first)
})

async function resumedOf(id: string): Promise<number> {
  const { rows } = await pool().query<{ n: number }>(
    `SELECT count(*)::int AS n FROM noetl.event WHERE execution_id = $1 AND event_type = 'playbook_resumed'`,
    [id],
  )
  return rows[0]?.n ?? 0
}
