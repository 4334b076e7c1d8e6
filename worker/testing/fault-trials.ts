import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { checkHistory, type Verdict } from '@/bench/history/check-history'
import { type Expected, placeOf } from '@/bench/history/history'
import { readHistory } from '@/bench/history/read-history'
import { type Running, startProcess } from '@/bench/process'
import { ensureRoles } from '@/server/db/ensure-roles'
import { closePool } from '@/server/db/pool'
import { playbookRole, readerRole } from '@/server/db/role-names'
import { createTestDatabase } from '@/server/db/testing/create-test-database'
import { env } from '@/server/env'
import { startExecution } from '@/server/executions/start-execution'
import { registerPlaybook } from '@/server/playbooks/register-playbook'
import { closeQueueConnection, migrateQueue } from '@/server/queue/connection'
import { closeQueues } from '@/server/queue/enqueue'
import { type SampleApi, startSampleApi } from '@/server/sample-api/sample-api'
import { onServer } from './on-server'
import { IN_THE_DATABASE, redisTrialQueue, type TrialQueue } from './trial-queue'

const LONGEST_RUN_MS = 100_000

/** One run in a database of its own, which no worker has been told of yet, and an API that remembers what it was asked. */
export type FaultTrial = {
  executionId: string
  url: string
  db: pg.Client
  api: SampleApi
  /** A worker of this trial. Variables such as FAULT say what becomes of it. */
  worker(variables?: Record<string, string>): Running
  /** Resolves when the run has ended. */
  ended(): Promise<void>
  /** A lease of ten seconds has two left: how long recovery takes is the business of another test. */
  shortenLeases(): Promise<void>
  /** Waits for the end of the run and holds it against the promises. */
  verdict(interruptions: number): Promise<Verdict>
  close(): Promise<void>
}

type Steps = Expected['steps']
/** `child`: what the one execution has that a step of the playbook starts, by a playbook to be registered before. */
export type FaultOutcome = {
  steps: Steps
  sinkRows?: number
  child?: { content: string; step: string; steps: Steps }
}

/**
 * Makes any number of trials of one playbook: each is a copy of a database in which the run was started, so they can go
 * on beside each other. Call it at the top of a test file.
 */
export async function prepareFaultTrials(
  content: string,
  outcome: FaultOutcome,
  kind: 'postgresql' | 'redis' = 'postgresql',
): Promise<() => Promise<FaultTrial>> {
  const { url: template } = await createTestDatabase()
  const queue = kind === 'redis' ? await redisTrialQueue() : IN_THE_DATABASE
  await migrateQueue()
  if (outcome.child !== undefined) await registerPlaybook(outcome.child.content)
  const { executionId } = await startExecution({ content, trigger: { type: 'test' } })
  await closeQueues()
  await closeQueueConnection()
  await closePool()
  await queue.keep()
  const secretKey = env.PAGETURNER_SECRET_KEY ?? ''
  return async () => beginTrial({ template, executionId, secretKey, outcome, queue })
}

type Template = { template: string; executionId: string; secretKey: string; outcome: FaultOutcome; queue: TrialQueue }

async function beginTrial({ template, executionId, secretKey, outcome, queue }: Template): Promise<FaultTrial> {
  const name = `trial_${randomBytes(6).toString('hex')}`
  const url = withDatabase(template, name)
  await onServer(
    withDatabase(template, 'postgres'),
    `CREATE DATABASE ${name} TEMPLATE ${new URL(template).pathname.slice(1)}`,
  )
  const db = new pg.Client({ connectionString: url })
  db.on('error', () => undefined)
  await db.connect()
  await ensureRoles(db)
  const api = await startSampleApi({ host: '127.0.0.1', port: 0 })
  const tickets = await queue.copy()
  const workers: Running[] = []
  return {
    executionId,
    url,
    db,
    api,
    worker(variables = {}) {
      const started = startProcess('worker', {
        NODE_ENV: 'test',
        LOG_LEVEL: 'warn',
        DATABASE_URL: url,
        PAGETURNER_SECRET_KEY: secretKey,
        PAGETURNER_SECRET_PAGINATED_API_URL: api.url,
        PAGETURNER_SAMPLE_PORT: String(api.port),
        ...tickets.variables,
        ...variables,
      })
      workers.push(started)
      return started
    },
    ended: async () => untilEnded(db, executionId),
    async shortenLeases() {
      await db.query(`UPDATE noetl.iteration SET lease_until = lease_until - interval '8 seconds'`)
    },
    async verdict(interruptions) {
      await untilEnded(db, executionId)
      const sinkRows = outcome.sinkRows === undefined ? {} : { sinkRows: await readSinks(db, outcome.sinkRows) }
      const told = { asked: askedOf(api), interruptions }
      const { steps, child } = outcome
      const children = child === undefined ? {} : { [child.step]: 1 }
      const verdict = checkHistory(await readHistory(db, executionId), { steps, children, ...told, ...sinkRows })
      return child === undefined ? verdict : withChildren(verdict, await childVerdicts(db, child.steps, told))
    },
    async close() {
      for (const worker of workers) worker.signal('SIGKILL')
      await Promise.all(workers.map(async ({ exited }) => exited))
      await api.close()
      await tickets.close()
      await db.end().catch(() => undefined)
      await onServer(withDatabase(template, 'postgres'), `DROP DATABASE ${name} WITH (FORCE)`)
      await onServer(withDatabase(template, 'postgres'), `DROP ROLE ${playbookRole(name)}, ${readerRole(name)}`)
    },
  }
}

async function childVerdicts(
  db: pg.Client,
  steps: Steps,
  told: Pick<Expected, 'asked' | 'interruptions'>,
): Promise<Verdict[]> {
  const { rows } = await db.query<{ id: string }>(
    'SELECT execution_id AS id FROM noetl.execution WHERE parent_execution_id IS NOT NULL',
  )
  return Promise.all(rows.map(async ({ id }) => checkHistory(await readHistory(db, id), { steps, ...told })))
}

const withChildren = (verdict: Verdict, children: readonly Verdict[]): Verdict => ({
  ...verdict,
  broken: [verdict, ...children].flatMap(({ broken }) => broken),
})

/** Requests by place: the playbook of a trial sends the names of its step and element along. */
function askedOf(api: SampleApi): Map<string, number> {
  const asked = new Map<string, number>()
  for (const request of api.requests()) {
    const query = new URL(request.url, 'http://sample').searchParams
    const numberOf = (name: string): number => Number(query.get(name))
    const place = placeOf({ step: query.get('step') ?? '', index: numberOf('element'), page: numberOf('page') })
    asked.set(place, (asked.get(place) ?? 0) + 1)
  }
  return asked
}

/** The sinks of a trial write into `kept.rows (name)`. */
async function readSinks(db: pg.Client, expected: number): Promise<{ expected: number; stored: string[] }> {
  const { rows } = await db.query<{ name: string }>('SELECT name FROM kept.rows')
  return { expected, stored: rows.map(({ name }) => name) }
}

async function untilEnded(db: pg.Client, executionId: string): Promise<void> {
  const deadline = Date.now() + LONGEST_RUN_MS
  while (Date.now() < deadline) {
    const { rowCount } = await db.query(
      `SELECT FROM noetl.execution WHERE execution_id = $1 AND status IN ('COMPLETED', 'FAILED', 'CANCELLED')`,
      [executionId],
    )
    if (rowCount === 1) return
    await sleep(50)
  }
  throw new Error(`the run did not end within ${LONGEST_RUN_MS} ms: ${await stateOf(db, executionId)}`)
}

/** What a run that does not end hangs on: its state and that of what has begun. */
async function stateOf(db: pg.Client, executionId: string): Promise<string> {
  const { rows } = await db.query<{ state: string }>(
    `SELECT json_build_object('execution', (SELECT to_jsonb(e) FROM noetl.execution e WHERE execution_id = $1),
       'iterations', (SELECT json_agg(i) FROM (SELECT step, iteration_index, status, epoch, worker_id, lease_until, next_attempt_at
                        FROM noetl.iteration WHERE execution_id = $1 ORDER BY 1, 2 LIMIT 20) i))::text AS state`,
    [executionId],
  )
  return rows[0]?.state ?? 'nothing is known of it'
}

const withDatabase = (url: string, database: string): string =>
  Object.assign(new URL(url), { pathname: `/${database}` }).href
