import { afterAll } from 'vitest'
import type { ExecutionEvent } from '@/domain/execution/events'
import type { JsonObject } from '@/domain/json'
import { createTestDatabase } from '@/server/db/testing/create-test-database'
import { ownRedisUrl } from '@/server/db/testing/own-redis'
import { pool } from '@/server/db/pool'
import { setVariables } from '@/server/env'
import { startExecution } from '@/server/executions/start-execution'
import { closeQueueConnection, migrateQueue } from '@/server/queue/connection'
import { closeQueues } from '@/server/queue/enqueue'
import { startSampleApi, type SampleApi } from '@/server/sample-api/sample-api'
import { runWorker, type RunningWorker } from '../run-worker'

export type Engine = {
  api: SampleApi
  /** Runs a playbook's text to its end and gives back its id. */
  run(content: string, workload?: JsonObject): Promise<string>
}

export type StepRow = Record<'status' | 'step', string> &
  Record<'completed' | 'failed' | 'skipped' | 'pages' | 'items', number>

const LONGEST_RUN_MS = 40_000

/** A database of its own, the sample API and, unless told otherwise, a worker in this process. Call it at the top of a test file. */
export async function startEngine(queue: 'postgresql' | 'redis', { worker: hasWorker = true } = {}): Promise<Engine> {
  await createTestDatabase()
  const api = await startSampleApi({ host: '127.0.0.1', port: 0 })
  setVariables({
    LOG_LEVEL: 'warn',
    REDIS_URL: queue === 'redis' ? await ownRedisUrl() : '',
    PAGETURNER_SECRET_PAGINATED_API_URL: api.url,
    PAGETURNER_SAMPLE_PORT: String(api.port),
  })
  await migrateQueue()
  const worker: RunningWorker | null = hasWorker ? await runWorker() : null
  const engine: Engine = {
    api,
    run: async (content, workload) => {
      const { executionId } = await startExecution({
        content,
        trigger: { type: 'test' },
        ...(workload && { workload }),
      })
      await untilEnded(executionId)
      return executionId
    },
  }
  afterAll(async () => {
    await worker?.drain()
    await closeQueues()
    await closeQueueConnection()
    await api.close()
  })
  return engine
}

/** Waits for the terminal status; throws with the log of the run if it does not come. */
export async function untilEnded(executionId: string): Promise<void> {
  const deadline = Date.now() + LONGEST_RUN_MS
  while (Date.now() < deadline) {
    const { rows } = await pool().query<{ status: string }>(
      'SELECT status FROM noetl.execution WHERE execution_id = $1',
      [executionId],
    )
    if (rows[0] && !['PENDING', 'RUNNING'].includes(rows[0].status)) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const events = await eventsOf(executionId)
  throw new Error(`Execution ${executionId} did not end: ${JSON.stringify(events.slice(-5), null, 1)}`)
}

export async function statusOf(executionId: string): Promise<string | undefined> {
  const { rows } = await pool().query<{ status: string }>(
    'SELECT status FROM noetl.execution WHERE execution_id = $1',
    [executionId],
  )
  return rows[0]?.status
}

export async function eventsOf(executionId: string): Promise<ExecutionEvent[]> {
  const { rows } = await pool().query<ExecutionEvent>(
    'SELECT * FROM noetl.event WHERE execution_id = $1 ORDER BY seq',
    [executionId],
  )
  return rows
}

/** The log as one line an event: type, and iteration and page where they apply. */
export async function storyOf(executionId: string): Promise<string[]> {
  return (await eventsOf(executionId)).map(({ event_type, node_name, iteration_index, page }) =>
    [event_type, node_name, iteration_index, page].filter((part) => part !== null).join(' '),
  )
}

export async function stepRow(executionId: string, step: string): Promise<StepRow | undefined> {
  const { rows } = await pool().query<StepRow>(
    'SELECT step, status, completed, failed, skipped, pages, items::int AS items FROM noetl.step WHERE execution_id = $1 AND step = $2',
    [executionId, step],
  )
  return rows[0]
}
