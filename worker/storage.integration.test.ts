import { describe, expect, inject, it, vi } from 'vitest'
import { canMount } from '@/server/db/testing/can-mount'
import { checkStorage } from '@/server/db/check-storage'
import { ownRedisUrl } from '@/server/db/testing/own-redis'
import { closePlaybookPool } from '@/server/db/playbook-pool'
import { closePool, databaseUrl, pool } from '@/server/db/pool'
import { setVariables } from '@/server/env'
import { startExecution } from '@/server/executions/start-execution'
import { problemOf } from '@/server/problem'
import { closeQueueConnection } from '@/server/queue/connection'
import { closeQueues } from '@/server/queue/enqueue'
import { registerPlaybook } from '@/server/playbooks/register-playbook'
import { onServer } from './testing/on-server'
import { forkWorker } from './testing/fork-worker'
import { mountSmallDisk, type SmallDisk } from './testing/small-disk'
import { eventsOf, startEngine, statusOf, untilEnded } from './testing/start-engine'

vi.setConfig({ testTimeout: 240_000 })

const engine = await startEngine('postgresql', { worker: false })
setVariables({ LOG_LEVEL: 'silent' })
const PAGES = [1, 2, 3, 4, 5, 6, 7]
const ELEMENTS = 3
/** The outage lasts as long: several times what a worker would need to try again. */
const OUTAGE_MS = 12_000

describe('a database that is made read-only while a run is in flight', () => {
  it('stops the run, says so to whoever asks, and lets it go on by itself', async () => {
    const name = new URL(databaseUrl()).pathname.slice(1)
    await proveOutage({
      sentence: 'The database is read-only, so nothing can be saved.',
      begin: async () => {
        await onServer(inject('templateDatabaseUrl'), `ALTER DATABASE ${name} SET default_transaction_read_only = on`)
        await endSessions(name)
      },
      // The sessions stay: those that began read-only are left by whoever meets them.
      end: async () =>
        onServer(inject('templateDatabaseUrl'), `ALTER DATABASE ${name} RESET default_transaction_read_only`),
    })
  })
})

describe('a disk that fills up while a run is in flight', () => {
  // A queue in the same database would be full as well, and hold the worker back by itself.
  it.skipIf(!canMount())(
    'with the queue in Redis, stops the run, says so to whoever asks, and lets it go on by itself',
    async () => {
      const disk = await moveToSmallDisk()
      setVariables({ REDIS_URL: await ownRedisUrl() })
      await proveOutage({
        sentence: "The database's disk is full, so nothing can be saved.",
        begin: async () => disk.fill(),
        end: async () => disk.free(),
      })
      await disk.remove()
    },
  )
})

/** A run of three elements is met by the outage after a few pages. */
async function proveOutage(outage: { sentence: string; begin(): Promise<void>; end(): Promise<void> }): Promise<void> {
  const worker = await forkWorker()
  const { executionId } = await startExecution({ content: SLOW, trigger: { type: 'test' } })
  await vi.waitFor(async () => expect((await pagesOf(executionId)).length).toBeGreaterThan(4), 40_000)
  await outage.begin()
  const before = await vi.waitFor(async () => pagesOf(executionId), 30_000)
  const requestsBefore = requestsFor(executionId)
  await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS))

  const pagesMeanwhile = (await pagesOf(executionId)).length - before.length
  const requestsMeanwhile = requestsFor(executionId) - requestsBefore
  // What was in flight; and a full disk still takes the rows that fit into blocks which tables have already.
  expect(pagesMeanwhile).toBeLessThanOrEqual(2 * ELEMENTS)
  expect(requestsMeanwhile).toBeLessThanOrEqual(pagesMeanwhile + 2 * ELEMENTS)
  expect(await statusOf(executionId)).toBe('RUNNING')
  expect((await checkStorage(256))?.message).toContain(outage.sentence)
  await expectRefusal(async () => startExecution({ content: filled('run'), trigger: { type: 'api' } }), outage.sentence)
  await expectRefusal(async () => registerPlaybook(filled('saved')), outage.sentence)

  await outage.end()
  await untilEnded(executionId)
  await worker.terminate()
  expect(await statusOf(executionId)).toBe('COMPLETED')
  expect(await pagesOf(executionId)).toEqual(Array.from({ length: ELEMENTS }, () => PAGES).flat())
  expect(requestsFor(executionId)).toBeLessThanOrEqual(ELEMENTS * PAGES.length + 3 * ELEMENTS)
  const events = await eventsOf(executionId)
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1))
  expect(events.filter(({ event_type }) => event_type.endsWith('_failed'))).toEqual([])
}

async function expectRefusal(ask: () => Promise<unknown>, sentence: string): Promise<void> {
  const answer = problemOf(await ask().catch((error: unknown) => error))
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10'])
  expect(await answer.json()).toMatchObject({ code: 'unavailable', detail: expect.stringContaining(sentence) })
}

async function pagesOf(executionId: string): Promise<number[]> {
  const { rows } = await pool().query<{ page: number }>(
    'SELECT page FROM noetl.page WHERE execution_id = $1 ORDER BY iteration_index, page',
    [executionId],
  )
  return rows.map(({ page }) => page)
}

const requestsFor = (executionId: string): number =>
  engine.api.requests().filter(({ url }) => url.includes(`run=${executionId}`)).length

const endSessions = async (name: string): Promise<void> =>
  onServer(
    inject('templateDatabaseUrl'),
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
  )

/** Moves the database of this file to a disk of 64 MB, which can be filled up by something else. */
async function moveToSmallDisk(): Promise<Pick<SmallDisk, 'fill' | 'free'> & { remove(): Promise<void> }> {
  const disk = await mountSmallDisk('64m')
  const space = `small_${process.pid}`
  const name = new URL(databaseUrl()).pathname.slice(1)
  await Promise.all([closePool(), closePlaybookPool(), closeQueues()])
  await closeQueueConnection()
  await onServer(inject('templateDatabaseUrl'), `CREATE TABLESPACE ${space} LOCATION '${disk.folder}'`)
  await endSessions(name)
  await onServer(inject('templateDatabaseUrl'), `ALTER DATABASE ${name} SET TABLESPACE ${space}`)
  return {
    ...disk,
    async remove() {
      await Promise.all([closePool(), closePlaybookPool(), closeQueues()])
      await closeQueueConnection()
      await endSessions(name)
      await onServer(inject('templateDatabaseUrl'), `ALTER DATABASE ${name} SET TABLESPACE pg_default`)
      await onServer(inject('templateDatabaseUrl'), `DROP TABLESPACE ${space}`)
      disk.unmount()
    },
  }
}

/** Texts so large that no room left over from before holds them. */
const filled = (name: string): string => `${SLOW.replaceAll('stored', name)}# ${noise(200_000)}\n`
const noise = (length: number): string =>
  Array.from({ length: length / 8 }, () => Math.random().toString(36).slice(2, 10)).join('')

const SLOW = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: stored, path: tests/stored }
workflow:
  - step: start
    tool: http
    url: "{{ secret.PAGINATED_API_URL }}/api/v1/assessments"
    params: { page: 1, pageSize: 5, delay_ms: 400, run: "{{ execution_id }}" }
    loop: { collection: [a, b, c], element: name, mode: async, concurrency: 3 }
    retry:
      on_success:
        while: "{{ response.paging.hasMore }}"
        max_attempts: 20
        next_call: { params: { page: "{{ response.paging.page + 1 }}" } }
        collect: { path: data, strategy: append, into: pages }
`
