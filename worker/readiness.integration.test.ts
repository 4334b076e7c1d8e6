import pg from 'pg'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ReadyAnswer, ReadyPart } from '@/domain/api/system'
import { databaseUrl, pool } from '@/server/db/pool'
import { ownRedisUrl } from '@/server/db/testing/own-redis'
import { silencingProxy } from '@/server/db/testing/silencing-proxy'
import { takeProcessWide } from '@/server/db/process-wide'
import { setVariables } from '@/server/env'
import { closeQueues } from '@/server/queue/enqueue'
import { startExecution } from '@/server/executions/start-execution'
import { readReadiness } from '@/server/system/read-readiness'
import { forkWorker } from './testing/fork-worker'
import { runWorker } from './run-worker'
import { startEngine, statusOf, untilEnded } from './testing/start-engine'

vi.setConfig({ testTimeout: 240_000 })

await startEngine('postgresql', { worker: false })
setVariables({ LOG_LEVEL: 'silent' })
afterEach(async () => {
  vi.restoreAllMocks()
  setVariables({ REDIS_URL: '' })
  await closeQueues()
  await pool().query('DELETE FROM noetl.worker')
})

describe('readiness', () => {
  it('says that no worker has ever started, and how to start one', async () => {
    const answer = await readReadiness()
    expect(answer.ready).toBe(false)
    expect(answer.checks).toEqual([
      { part: 'database', ok: true, detail: 'it answers and saves' },
      { part: 'queue', ok: false, detail: 'no worker listens to it', remedy: expect.stringContaining('worker') },
      { part: 'worker', ok: false, detail: 'none has ever started', remedy: expect.stringContaining('worker') },
    ])
  })

  it('is there as soon as a worker is, and gone when that worker is stopped in its tracks', async () => {
    const worker = await forkWorker()
    await untilReady()
    process.kill(worker.pid ?? 0, 'SIGSTOP')
    await untilPart('worker', /process \d+\) was last seen [1-9]\d s ago: it was stopped, hangs/, false)
    expect(partOf(await readReadiness(), 'worker').remedy).toContain(`kill -CONT ${worker.pid}`)
    process.kill(worker.pid ?? 0, 'SIGCONT')
    await untilReady()
    await worker.terminate()
  })

  it('is refused by a worker that lives but does not hear its queue in PostgreSQL, until it hears it again', async () => {
    const worker = await forkWorker()
    await pool().query('ALTER SCHEMA bullmq RENAME TO bullmq_away')
    await untilPart('worker', /is not ready: its queue "(?:element|orchestrate)" has not answered it for \d+ s/, false)
    expect(partOf(await readReadiness(), 'queue')).toMatchObject({
      ok: false,
      remedy: expect.stringContaining('bullmq'),
    })
    await expect.poll(heartbeatAgeMs, { timeout: 20_000 }).toBeLessThan(5_000)
    await pool().query('ALTER SCHEMA bullmq_away RENAME TO bullmq')
    await untilReady()
    await worker.terminate()
  })

  it('is refused by a worker whose Redis went silent without closing, and work goes on when it speaks', async () => {
    const proxy = await silencingProxy(new URL(await ownRedisUrl()))
    setVariables({ REDIS_URL: proxy.url })
    const worker = await forkWorker()
    await untilReady()
    proxy.silence()
    await untilPart('worker', /is not ready: its queue "(?:element|orchestrate)" has not answered it for \d+ s/, false)
    expect(partOf(await readReadiness(), 'queue')).toMatchObject({
      ok: false,
      remedy: expect.stringContaining('Redis'),
    })
    expect(partOf(await readReadiness(), 'database').ok).toBe(true)
    proxy.speak()
    await untilReady()
    const { executionId } = await startExecution({ content: NOTHING, trigger: { type: 'test' } })
    await untilEnded(executionId)
    expect(await statusOf(executionId)).toBe('COMPLETED')
    await worker.terminate()
    await closeQueues()
    proxy.close()
  })

  it('is refused by a worker whose clock is off, by how much and what to do', async () => {
    const worker = await runWorker()
    const real = Date.now
    vi.spyOn(Date, 'now').mockImplementation(() => real() + 60_000)
    await untilPart('worker', /the clock of its machine is 60 s ahead of the database's; synchronise/, false)
    vi.restoreAllMocks()
    await worker.drain()
  })

  it('says that the database is read-only', async () => {
    const admin = new pg.Client({ connectionString: databaseUrl() })
    await admin.connect()
    const { rows } = await admin.query<{ name: string }>('SELECT current_database() AS name')
    const name = rows[0]?.name ?? ''
    /** Who connects from now on finds it so, and all others have to connect anew. */
    const allOf = async (change: string): Promise<void> => {
      await admin.query(`ALTER DATABASE ${name} ${change}`)
      await admin.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
        [name],
      )
    }
    try {
      await allOf('SET default_transaction_read_only = on')
      await vi.waitFor(
        async () => {
          takeProcessWide('storage-trouble')
          expect(partOf(await readReadiness(), 'database')).toMatchObject({
            ok: false,
            detail: expect.stringContaining('The database is read-only'),
            remedy: expect.stringContaining('default_transaction_read_only'),
          })
        },
        { timeout: 40_000, interval: 200 },
      )
    } finally {
      await allOf('RESET default_transaction_read_only')
      await admin.end()
      takeProcessWide('storage-trouble')
      await vi.waitFor(async () => pool().query('DELETE FROM noetl.worker'), { timeout: 40_000, interval: 200 })
    }
  })
})

const partOf = (answer: ReadyAnswer, part: ReadyPart): ReadyAnswer['checks'][number] => {
  const found = answer.checks.find((check) => check.part === part)
  if (found === undefined) throw new Error(`There is no part ${part}.`)
  return found
}

async function untilPart(part: ReadyPart, says: RegExp, ok: boolean): Promise<void> {
  await vi.waitFor(
    async () => {
      const check = partOf(await readReadiness(), part)
      expect(check.detail).toMatch(says)
      expect(check.ok).toBe(ok)
    },
    { timeout: 60_000, interval: 200 },
  )
}

const untilReady = async (): Promise<void> =>
  vi.waitFor(async () => expect(await readReadiness()).toMatchObject({ ready: true }), {
    timeout: 40_000,
    interval: 200,
  })

async function heartbeatAgeMs(): Promise<number> {
  const { rows } = await pool().query<{ ms: number }>(
    'SELECT (extract(epoch FROM clock_timestamp() - max(seen_at)) * 1000)::float8 AS ms FROM noetl.worker',
  )
  return rows[0]?.ms ?? Infinity
}

const NOTHING = `apiVersion: noetl.io/v1
kind: Playbook
metadata: { name: nothing, path: tests/nothing }
workflow:
  - { step: start, tool: transform, input: 1, expression: $ }
`
