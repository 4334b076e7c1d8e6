import type { RetryInPlace } from '@/domain/api/control'
import { DomainError } from '@/domain/domain-error'
import { claimIteration } from '@/server/db/claim-iteration'
import { parkIteration } from '@/server/db/park-iteration'
import { pool } from '@/server/db/pool'
import { releaseIteration } from '@/server/db/release-iteration'
import { renewLeases } from '@/server/db/renew-leases'
import { STEP } from '@/server/db/testing/seed-execution'
import { writeCommits } from '@/server/db/write-commits'
import { cancelExecution } from '@/server/executions/cancel-execution'
import { orchestrate } from '@/server/executions/orchestrate'
import { pauseExecution } from '@/server/executions/pause-execution'
import { resumeExecution } from '@/server/executions/resume-execution'
import { retryExecution } from '@/server/executions/retry-execution'
import { looseExecutions, looseIterations } from '@/server/executions/sweep'
import type { Ticket } from '@/server/executions/tickets'
import { withoutDoubles, type Operation } from './operations'
import {
  commitsOf,
  endsOf,
  givenOf,
  LEASE_MS,
  placesOf,
  took,
  tookNext,
  withoutTimes,
  type Asking,
  type Subject,
} from './subject'

/** The engine's own SQL. `sent` is where tickets are found that were handed to the queue. */
export async function createPostgresSubject(content: string, sent: Ticket[]): Promise<Subject & { id: string }> {
  const id = await insertExecution(content)
  const asking: Asking = { claims: [], now: Date.now }
  const at = (index: number) => ({ executionId: id, step: STEP, index })
  const ticketsOf = async (work: Promise<unknown>): Promise<Ticket[] | null> => {
    sent.length = 0
    try {
      await work
      return sent.slice()
    } catch (error) {
      if (error instanceof DomainError && (error.code === 'conflict' || error.code === 'not_found')) return null
      throw error
    }
  }

  const act = async (operation: Operation): Promise<unknown> => {
    switch (operation.do) {
      case 'claim': {
        const { worker, index } = operation
        const claim = await claimIteration({ ...at(index), workerId: worker, leaseMs: LEASE_MS })
        return took(asking, claim, { ...at(index), worker })
      }
      case 'round': {
        const commits = withoutDoubles(operation.commits, (claim) => givenOf(asking, claim).index)
        const ends = endsOf(asking, operation.ends)
        const { written, settled } = await writeCommits(pool(), commitsOf(asking, commits), ends)
        return { written, settled: tookNext(asking, ends, settled) }
      }
      case 'renew': {
        const held = operation.claims.map((claim) => givenOf(asking, claim))
        const { lost, paused } = await renewLeases(operation.worker, LEASE_MS, held)
        return { lost: placesOf(lost), paused: placesOf(paused) }
      }
      case 'release':
        return releaseIteration(givenOf(asking, operation.claim))
      case 'park':
        return parkIteration(pool(), givenOf(asking, operation.claim), { parked: true })
      case 'advance':
        return advance(id, operation.ms)
      case 'orchestrate':
        return ticketsOf(orchestrate(id))
      case 'cancel':
        return ticketsOf(cancelExecution(id))
      case 'pause':
        return ticketsOf(pauseExecution(id))
      case 'resume':
        return ticketsOf(resumeExecution(id))
      case 'retry':
        return ticketsOf(retryExecution(id, retryOf(operation.index)))
      case 'sweep': {
        const iterations = (await looseIterations()).filter(({ executionId }) => executionId === id)
        const executions = (await looseExecutions()).filter(({ executionId }) => executionId === id)
        return [
          ...iterations.map((payload) => ({ name: 'element', payload })),
          ...executions.map((payload) => ({ name: 'orchestrate', payload })),
        ]
      }
    }
  }
  return { id, claims: asking.claims, act, dump: async () => dump(id) }
}

const retryOf = (index: number | null): RetryInPlace =>
  index === null ? { scope: 'failed' } : { scope: 'iteration', index }

async function insertExecution(content: string): Promise<string> {
  await pool().query(`INSERT INTO noetl.playbook_content (hash, content) VALUES (md5($1), $1) ON CONFLICT DO NOTHING`, [
    content,
  ])
  const { rows } = await pool().query<{ id: string }>(
    `INSERT INTO noetl.execution (path, content_hash, status, workload, trigger)
     VALUES ('tests/simulation', md5($1), 'PENDING', '{}', '{}') RETURNING execution_id AS id`,
    [content],
  )
  return rows[0]?.id ?? ''
}

/** Instead of the clock everything else is moved. */
async function advance(id: string, ms: number): Promise<void> {
  await pool().query(
    `WITH steps AS (
       UPDATE noetl.step SET released_at = released_at - $2 * interval '1 millisecond' WHERE execution_id = $1
     )
     UPDATE noetl.iteration SET lease_until = lease_until - $2 * interval '1 millisecond',
       next_attempt_at = next_attempt_at - $2 * interval '1 millisecond'
     WHERE execution_id = $1`,
    [id, ms],
  )
}

const DUMP = `
  SELECT
    (SELECT jsonb_build_object('status', status, 'lastSeq', last_seq, 'elements', elements, 'failed', failed,
       'pages', pages, 'items', items, 'retries', retries, 'state', state, 'error', error)
     FROM noetl.execution WHERE execution_id = $1) AS execution,
    (SELECT jsonb_agg(jsonb_build_object('step', step, 'tool', tool, 'status', status, 'size', collection_size,
       'concurrency', coalesce(concurrency, 1), 'released', released, 'releasedAt', released_at IS NOT NULL,
       'queued', queued, 'completed', completed, 'failed', failed, 'skipped', skipped, 'pages', pages, 'items', items,
       'error', error) ORDER BY step)
     FROM noetl.step WHERE execution_id = $1) AS steps,
    (SELECT jsonb_agg(jsonb_build_object('index', iteration_index, 'element', element, 'label', label, 'status', status,
       'epoch', epoch, 'workerId', worker_id, 'idleStarts', idle_starts, 'checkpoint', checkpoint, 'pages', pages,
       'items', items, 'retries', retries, 'stopReason', stop_reason, 'warnings', warnings, 'error', error,
       'isClaimed', claim_hash IS NOT NULL, 'isLeased', lease_until IS NOT NULL, 'isStarted', started_at IS NOT NULL,
       'next', CASE WHEN next_attempt_at IS NULL THEN 'none' WHEN next_attempt_at = 'infinity' THEN 'queued'
         ELSE 'later' END) ORDER BY iteration_index)
     FROM noetl.iteration WHERE execution_id = $1) AS iterations,
    (SELECT jsonb_agg(jsonb_build_object('index', iteration_index, 'page', page, 'body', body) ORDER BY iteration_index, page)
     FROM noetl.page WHERE execution_id = $1) AS pages,
    (SELECT jsonb_agg(concat_ws('/', step, iteration_index, page, attempt)) FROM noetl.attempt
     WHERE execution_id = $1) AS attempts,
    (SELECT jsonb_agg(jsonb_build_object('seq', seq, 'type', event_type, 'status', status, 'step', node_name,
       'index', iteration_index, 'page', page, 'attempt', attempt, 'context', context) ORDER BY seq)
     FROM noetl.event WHERE execution_id = $1) AS events`

type Dump = {
  execution: unknown
  steps: unknown[] | null
  iterations: unknown[] | null
  pages: unknown[] | null
  attempts: string[] | null
  events: { context: Record<string, unknown> }[] | null
}

async function dump(id: string): Promise<unknown> {
  const { rows } = await pool().query<Dump>(DUMP, [id])
  const { execution, steps, iterations, pages, attempts, events } = rows[0] ?? {}
  return {
    execution,
    steps: steps ?? [],
    iterations: iterations ?? [],
    pages: pages ?? [],
    attempts: (attempts ?? []).toSorted(),
    events: (events ?? []).map((event) => ({ ...event, context: withoutTimes(event.context) })),
  }
}
